// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Until when a lock is surely ours (PROTOCOL.md §2): what the service has heard from us, sent at a time t, says that it does not
 * take the lock from us before t + ttl. Times are of this process's monotonic clock. Confined to one context.
 */
final class Trust {
    /** Clocks differ in speed, timers are late. */
    private static final double SHARE_OF_TTL = 0.98;

    private static final int BEATS_MAX = 100;

    private final Map<Long, Long> beats = new LinkedHashMap<>();
    private long heardMillis = Long.MIN_VALUE / 2;

    /** A new connection counts its heartbeats anew. */
    void connected() {
        beats.clear();
    }

    void answered(long beat, long nowMillis) {
        if (beats.size() == BEATS_MAX) {
            beats.remove(beats.keySet().iterator().next());
        }
        beats.put(beat, nowMillis);
    }

    /** The service, and a majority behind it, has heard the answer to this heartbeat. */
    void acknowledged(long beat) {
        Long sentMillis = beats.get(beat);
        if (sentMillis != null) {
            heard(sentMillis);
        }
    }

    /** What was sent then has been heard by those who decide. */
    void heard(long sentMillis) {
        heardMillis = Math.max(heardMillis, sentMillis);
    }

    /** How long the lock is still ours; not above 0 when that is not certain. */
    long leftMillis(Grant grant, long nowMillis) {
        return heardMillis + (long) (grant.ttlSeconds() * 1_000 * SHARE_OF_TTL) - nowMillis;
    }
}
