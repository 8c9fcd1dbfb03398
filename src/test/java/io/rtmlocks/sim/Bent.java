// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.LockTable;
import io.rtmlocks.lock.Snapshot;

/** How the system under test is bent: not at all, unless a planted fault says so. */
class Bent {

    static final Limits LIMITS = Limits.STANDARD;

    LockTable table() {
        return new LockTable(LIMITS);
    }

    LockTable table(Snapshot snapshot) {
        return snapshot.toTable(LIMITS);
    }

    /** A leader answers before what it answers is on a majority. */
    boolean answersBeforeCommit() {
        return false;
    }

    /** A request that is sent again looks like another one. */
    boolean retriesUnderNewIds() {
        return false;
    }

    /** Subscriptions move to a new leader as they are, and nobody looks at numbers. */
    boolean subscriptionsMoveBlindly() {
        return false;
    }

    /** A node that comes back votes as it did before, though it remembers nothing. */
    boolean comesBackAsBefore() {
        return false;
    }

    /** Deadlines of one leader's clock are met by the clock of the next. */
    boolean clocksAreMixed() {
        return false;
    }
}
