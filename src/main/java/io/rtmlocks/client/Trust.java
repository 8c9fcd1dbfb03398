// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Until when a lock is surely ours (PROTOCOL.md §2): what the service has heard from us, sent at a time t, says that it does not
 * take the lock from us before t + ttl. Times are of this process's monotonic clock. Confined to one context.
 */
final class Trust {
    /** Clocks differ in speed, timers are late. */
    private static final double SHARE_OF_TTL = 0.98;

    private static final int BEATS_MAX = 100;

    /** Of the ttl, at most: what is left is for the service to be heard again in. */
    private static final int NOTICE_SHARE = 2;

    /** To carry out what must be done before the end. */
    private static final long MARGIN_MILLIS_MAX = 300;

    private static final int MARGIN_SHARE = 10;
    private static final long LOOK_AHEAD_MILLIS_MAX = 2_000;
    private static final int LOOK_AHEAD_SHARE = 5;

    /** Not more often: there is a limit to what a session may ask in a second. */
    private static final long LOOK_AGAIN_MILLIS = 100;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private final long noticeMillis;
    private final Map<Long, Long> beats = new LinkedHashMap<>();
    private long heardMillis = NEVER;
    private long lookedMillis = NEVER;

    /** @param noticeMillis how long before the end it is to be told; it is told that long before, or half of the ttl */
    Trust(long noticeMillis) {
        this.noticeMillis = noticeMillis;
    }

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
        return heardMillis + (long) (ttlMillis(grant) * SHARE_OF_TTL) - nowMillis;
    }

    /** So little is left that whoever uses the lock must be told; null when it is not. */
    @Nullable
    Loss ending(Grant grant, long nowMillis, String why) {
        long leftMillis = leftMillis(grant, nowMillis);
        if (leftMillis > noticeMillis(grant)) {
            return null;
        }
        return new Loss(
                "the service was not heard for so long that somebody else may have the lock soon (" + why + ")",
                Math.max(0, leftMillis - marginMillis(grant)));
    }

    /** Whether it is time to ask the shard, so that it does not come to that while the service is there; then it is asked now. */
    boolean looks(Grant grant, long nowMillis) {
        long aheadMillis = Math.min(LOOK_AHEAD_MILLIS_MAX, ttlMillis(grant) / LOOK_AHEAD_SHARE);
        boolean isTime = leftMillis(grant, nowMillis) <= noticeMillis(grant) + aheadMillis
                && nowMillis - lookedMillis >= LOOK_AGAIN_MILLIS;
        lookedMillis = isTime ? nowMillis : lookedMillis;
        return isTime;
    }

    /** The shard has answered what it was asked last. */
    void looked(boolean isOurs) {
        if (isOurs) {
            heard(lookedMillis);
        }
    }

    private long noticeMillis(Grant grant) {
        return Math.min(noticeMillis, ttlMillis(grant) / NOTICE_SHARE) + marginMillis(grant);
    }

    private static long marginMillis(Grant grant) {
        return Math.min(MARGIN_MILLIS_MAX, ttlMillis(grant) / MARGIN_SHARE);
    }

    private static long ttlMillis(Grant grant) {
        return grant.ttlSeconds() * 1_000L;
    }
}
