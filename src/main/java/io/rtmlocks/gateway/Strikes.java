// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

/** Counts what should not happen often: so many within a minute are too many. */
final class Strikes {

    private static final long MINUTE_MILLIS = 60_000;

    private final long[] timesMillis;
    private int count;

    Strikes(int perMinuteMax) {
        this.timesMillis = new long[perMinuteMax];
    }

    /** @return whether this one fills the minute */
    boolean isTooMany(long nowMillis) {
        int slot = count % timesMillis.length;
        count++;
        timesMillis[slot] = nowMillis;
        int oldest = count % timesMillis.length;
        return count >= timesMillis.length && nowMillis - timesMillis[oldest] < MINUTE_MILLIS;
    }
}
