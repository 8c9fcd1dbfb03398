// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/**
 * Something that is due at a moment of the leader's monotonic clock. Equal moments are ordered by {@code serial}, so that
 * every replica works them off in the same order.
 */
record Deadline(long dueMillis, long serial, Action action) implements Comparable<Deadline> {

    /** What to do when it is due; the deadline itself is over by then. */
    interface Action {
        void run(Turn turn);
    }

    @Override
    public int compareTo(Deadline other) {
        int byTime = Long.compare(dueMillis, other.dueMillis);
        return byTime != 0 ? byTime : Long.compare(serial, other.serial);
    }
}
