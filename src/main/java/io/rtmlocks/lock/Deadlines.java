// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All pending deadlines of a table, the earliest first. */
final class Deadlines {

    private final TreeSet<Deadline> pending = new TreeSet<>();
    private long lastSerial;

    /** @return the new deadline, for {@link #cancel} */
    Deadline set(long dueMillis, Deadline.Action action) {
        return put(dueMillis, ++lastSerial, action);
    }

    /** Puts a deadline back that was taken into a snapshot. */
    Deadline put(long dueMillis, long serial, Deadline.Action action) {
        Deadline deadline = new Deadline(dueMillis, serial, action);
        pending.add(deadline);
        lastSerial = Math.max(lastSerial, serial);
        return deadline;
    }

    /** @return the same deadline at another moment; among others of that moment it keeps its rank */
    @Nullable
    Deadline move(@Nullable Deadline deadline, long dueMillis) {
        if (deadline == null) {
            return null;
        }
        pending.remove(deadline);
        return put(dueMillis, deadline.serial(), deadline.action());
    }

    void cancel(@Nullable Deadline deadline) {
        if (deadline != null) {
            pending.remove(deadline);
        }
    }

    /** @return the earliest deadline if it is due, taken out, else null */
    @Nullable
    Deadline takeDue(long nowMillis) {
        return nextMillis() <= nowMillis ? pending.pollFirst() : null;
    }

    /** @return when the earliest deadline is due, {@code Long.MAX_VALUE} when there is none */
    long nextMillis() {
        return pending.isEmpty() ? Long.MAX_VALUE : pending.first().dueMillis();
    }

    long lastSerial() {
        return lastSerial;
    }

    void continueAfter(long serial) {
        lastSerial = Math.max(lastSerial, serial);
    }
}
