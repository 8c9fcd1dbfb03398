// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.wire.CloseCode;
import io.rtmlocks.wire.FrameWriter;

/**
 * The end of a connection's right to be here: its client is warned, and when it does not bring another token, the connection is
 * closed with 4401. A login that has little time left is warned at once; a renewal that brings little is warned halfway, so that
 * a client that answers each warning with such a token does not go round in circles.
 */
final class Expiry {
    private static final long WARNED_BEFORE_MILLIS = 30_000;

    private final ClientSocket socket;
    private final Timers timers;
    private boolean isRenewal;
    private long warning = Timers.NONE;
    private long end = Timers.NONE;

    Expiry(ClientSocket socket, Timers timers) {
        this.socket = socket;
        this.timers = timers;
    }

    /** @param utcMillis {@link Access#NEVER} for no end */
    void at(long utcMillis) {
        cancel();
        if (utcMillis != Access.NEVER) {
            long leftMillis = utcMillis - timers.utcMillis();
            end = timers.after(leftMillis, () -> socket.close(CloseCode.TOKEN_REFUSED));
            warning = timers.after(
                    Math.max(leftMillis - WARNED_BEFORE_MILLIS, isRenewal ? leftMillis / 2 : 0), () -> warn(utcMillis));
        }
        isRenewal = true;
    }

    private void warn(long utcMillis) {
        socket.send(FrameWriter.event(out -> out.text("event", "session")
                .text("type", "TOKEN_WILL_EXPIRE")
                .number("expiresAt", utcMillis)
                .number("timestamp", timers.utcMillis())));
    }

    void cancel() {
        timers.cancel(warning);
        timers.cancel(end);
    }
}
