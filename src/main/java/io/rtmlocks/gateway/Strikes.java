// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.util.ArrayDeque;
import java.util.Queue;

/** Counts what should not happen often: so many within a minute are too many. */
final class Strikes {

    private static final long MINUTE_MILLIS = 60_000;

    private final int perMinuteMax;

    /** Those of the last minute; of most connections there are none. */
    private final Queue<Long> timesMillis = new ArrayDeque<>(0);

    Strikes(int perMinuteMax) {
        this.perMinuteMax = perMinuteMax;
    }

    /** @return whether this one fills the minute */
    boolean isTooMany(long nowMillis) {
        while (!timesMillis.isEmpty() && nowMillis - timesMillis.element() >= MINUTE_MILLIS) {
            timesMillis.remove();
        }
        timesMillis.add(nowMillis);
        return timesMillis.size() >= perMinuteMax;
    }
}
