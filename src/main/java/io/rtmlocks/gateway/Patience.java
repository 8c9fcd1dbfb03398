// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

/**
 * How long a client may go on while its requests are refused for their rate (close code 4429).
 *
 * <p>Refusals with less than {@link #GAP_MILLIS} between them are one run. It is too long when it has lasted for
 * {@link #RUN_MILLIS} and has as many refusals as are allowed, or at once when it has {@link #AT_ONCE} times as many: so
 * a client that overshoots for a moment is told to slow down, and one that does not listen is cut off.
 */
final class Patience {

    private static final long GAP_MILLIS = 1_000;
    private static final long RUN_MILLIS = 5_000;
    private static final int AT_ONCE = 20;

    private final int refusalsMax;
    private long refusals;
    private long firstMillis;
    private long lastMillis;

    Patience(int refusalsMax) {
        this.refusalsMax = refusalsMax;
    }

    /** @return whether with this refusal it is enough */
    boolean isOver(long nowMillis) {
        if (refusals == 0 || nowMillis - lastMillis > GAP_MILLIS) {
            refusals = 0;
            firstMillis = nowMillis;
        }
        lastMillis = nowMillis;
        refusals++;
        boolean isLong = nowMillis - firstMillis >= RUN_MILLIS;
        return refusals >= (isLong ? refusalsMax : (long) AT_ONCE * refusalsMax);
    }
}
