// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import org.jspecify.annotations.Nullable;

/**
 * The five decisions on which every promise of the table rests, in one place.
 *
 * <p>Not final, so that tests can plant a fault in each of them and see that it is found.
 */
class Rules {

    private static final int TOKENS_PER_MILLI_BITS = 10;

    /** Tokens only grow: also over a loss of all memory, as long as time does not go back. */
    long nextToken(long last, long utcMillis) {
        return Math.max(last + 1, utcMillis << TOKENS_PER_MILLI_BITS);
    }

    /** Lock events of a channel are numbered without a gap. */
    long nextSeq(long last) {
        return last + 1;
    }

    /** Who gets a lock that is free: the longest waiting of those that are there to take it. */
    @Nullable
    Waiter next(WaitQueue queue) {
        return queue.firstOnline();
    }

    /** The ttl of a lock runs only while its owner is away. */
    boolean countsDown(Session owner, boolean ownerLeftChannel) {
        return !owner.online || ownerLeftChannel;
    }

    /** A request counts only in the session's present life: not after it went, not from a connection it has left. */
    boolean admits(@Nullable Session session, long epoch) {
        return session != null && session.online && session.epoch == epoch;
    }
}
