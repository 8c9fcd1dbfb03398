// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

/** A token bucket: so many a second on average, and as many at once. */
final class RateLimit {

    private static final double MILLIS_PER_SECOND = 1_000;

    private final int perSecond;
    private double tokens;
    private long lastMillis;

    /** @param perSecond 0 for no limit */
    RateLimit(int perSecond, long nowMillis) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
        this.lastMillis = nowMillis;
    }

    /** Whether nothing has been taken of late. */
    boolean isFull(long nowMillis) {
        return tokens + (nowMillis - lastMillis) * perSecond / MILLIS_PER_SECOND >= perSecond;
    }

    /** @return whether one more is allowed now; counts it if so */
    boolean allows(long nowMillis) {
        return allows(1, nowMillis);
    }

    /** The same for something of this size, which may take what is there and more, so that it is late for the next one. */
    boolean allows(int size, long nowMillis) {
        if (perSecond == 0) {
            return true;
        }
        tokens = Math.min(perSecond, tokens + (nowMillis - lastMillis) * perSecond / MILLIS_PER_SECOND);
        lastMillis = nowMillis;
        if (tokens < 1) {
            return false;
        }
        tokens -= size;
        return true;
    }
}
