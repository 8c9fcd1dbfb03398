// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import org.jspecify.annotations.Nullable;

/** Tables with a planted fault, for tests elsewhere: a lock goes to the first in the queue, whether it is there or not. */
public final class GrantsToTheGone {

    private static final Rules RULES = new Rules() {
        @Override
        @Nullable
        Waiter next(WaitQueue queue) {
            return queue.isEmpty() ? null : queue.iterator().next();
        }
    };

    private GrantsToTheGone() {}

    public static LockTable table(Limits limits) {
        return new LockTable(limits, RULES);
    }

    public static LockTable table(Snapshot snapshot, Limits limits) {
        return snapshot.toTable(limits, RULES);
    }
}
