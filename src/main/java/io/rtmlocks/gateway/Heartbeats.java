// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.wire.FrameWriter;

/** The heartbeats of one connection, by which its client knows how long it may trust its locks (PROTOCOL.md §2). */
final class Heartbeats {

    private long sent;
    private long heard;
    private boolean isDoubted;

    /**
     * @param isVouchedFor whether all shards that know the session surely count it as online now
     * @return the event
     */
    String next(boolean isVouchedFor) {
        long n = ++sent;
        isDoubted = !isVouchedFor;
        return FrameWriter.event(out -> out.text("event", "heartbeat")
                .number("n", n)
                .number("acked", heard)
                .flag("quorum", isVouchedFor));
    }

    /** The client answered; one that was never sent does not count. */
    void answered(long n) {
        if (n <= sent) {
            heard = Math.max(heard, n);
        }
    }

    /** Whether the last one said that nobody vouches for the session. */
    boolean isDoubted() {
        return isDoubted;
    }

    /** How many have been sent. */
    long sent() {
        return sent;
    }

    /** The highest that was answered. */
    long heard() {
        return heard;
    }
}
