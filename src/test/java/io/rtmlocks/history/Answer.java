// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

/**
 * What a client was told, as far as the rules of a lock speak of it.
 *
 * @param code 0 for success, an error code, or {@link #UNKNOWN}
 * @param owner who owns the lock (a read), or who lost it (a revocation); empty for nobody
 * @param token of the grant, or of the owner that was read; else 0
 */
public record Answer(int code, boolean exists, String owner, long token) {

    /** Nobody can say what came of it: it may have its effect at any later time, or never. */
    public static final int UNKNOWN = Integer.MIN_VALUE;

    public static final Answer NONE = new Answer(UNKNOWN, false, "", 0);

    public static Answer of(int code) {
        return new Answer(code, true, "", 0);
    }

    public static Answer granted(long token) {
        return new Answer(0, true, "", token);
    }

    public static Answer seen(String owner, long token) {
        return new Answer(0, true, owner, token);
    }

    public static Answer seenMissing() {
        return new Answer(0, false, "", 0);
    }

    boolean isSuccess() {
        return code == 0;
    }
}
