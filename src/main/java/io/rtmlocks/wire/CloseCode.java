// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

/** Every code with which the service closes a WebSocket, and what the client does next (PROTOCOL.md §2). */
public enum CloseCode {
    DONE(1000, "done"),
    DRAINING(1001, "this node is draining: reconnect now, to another node"),
    BINARY_FRAME(1003, "frames are text"),
    FRAME_TOO_LARGE(1009, "the frame is larger than this server takes"),
    OVERLOADED(1013, "overloaded: reconnect later"),
    TOO_MANY_BAD_FRAMES(4400, "too many frames that are no requests: mend the client"),
    TOKEN_REFUSED(4401, "the token was refused or has expired: get a new one"),
    ORIGIN_REFUSED(4403, "pages of this origin may not connect: see http.allowedOrigins"),
    NO_LOGIN(4408, "no login in time"),
    TAKEN_OVER(4409, "the session has another connection now"),
    RATE_LIMIT_IGNORED(4429, "the rate limit was ignored for too long: reconnect later and send less");

    private final int number;
    private final String reason;

    CloseCode(int number, String reason) {
        this.number = number;
        this.reason = reason;
    }

    public short number() {
        return (short) number;
    }

    /** At most 123 bytes, as a close frame demands. */
    public String reason() {
        return reason;
    }
}
