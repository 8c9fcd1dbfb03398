// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.ChannelKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The locks a client has as far as it knows, and until when it may trust that (PROTOCOL.md §2). */
final class Holdings {

    private static final long MILLIS_PER_SECOND = 1_000;

    private final Map<LockRef, Held> held = new LinkedHashMap<>();

    /** The highest token of each lock that is known to have ended. */
    private final Map<LockRef, Long> over = new HashMap<>();

    private long heardMillis;

    /** A lock by its names. */
    record LockRef(ChannelKey channel, String name) {}

    /** That somebody owned it, under this token. */
    record Grant(LockRef lock, long token) {}

    /** When the client left a channel, whose ttl may run since. */
    private final Map<ChannelKey, Long> left = new HashMap<>();

    /** @param baseMillis when the client said something that the server has heard, while the lock was its own */
    private record Held(long token, long baseMillis, boolean isGivenBack) {}

    void begin(long sentMillis) {
        held.clear();
        over.clear();
        left.clear();
        heardMillis = sentMillis;
    }

    void granted(LockRef lock, long token, long sentMillis) {
        Held before = held.get(lock);
        if (token > over.getOrDefault(lock, 0L) && (before == null || before.token <= token)) {
            boolean isKnown = before != null && before.token == token;
            held.put(lock, new Held(token, isKnown ? before.baseMillis : 0, isKnown && before.isGivenBack));
            heard(lock, Math.max(sentMillis, heardMillis));
        }
    }

    /** What a login says is all that is held. */
    void resumed(Map<LockRef, Long> locks, long sentMillis) {
        new LinkedHashMap<>(held).forEach((lock, each) -> {
            if (each.token != locks.getOrDefault(lock, 0L)) {
                lost(lock, each.token);
            }
        });
        heard(sentMillis);
        locks.forEach((lock, token) -> granted(lock, token, sentMillis));
    }

    /** The server has heard what was sent then. */
    void heard(long sentMillis) {
        heardMillis = Math.max(heardMillis, sentMillis);
        held.keySet().forEach(lock -> heard(lock, sentMillis));
    }

    private void heard(LockRef lock, long sentMillis) {
        long untilMillis = left.getOrDefault(lock.channel, Long.MAX_VALUE);
        held.computeIfPresent(
                lock,
                (key, now) -> new Held(
                        now.token, Math.max(now.baseMillis, Math.min(sentMillis, untilMillis)), now.isGivenBack));
    }

    void leave(ChannelKey channel, long nowMillis) {
        left.putIfAbsent(channel, nowMillis);
    }

    /** What it said then has stopped the ttl of what it still has there. */
    void comeBack(ChannelKey channel, long sentMillis) {
        left.remove(channel);
        held.keySet().stream().filter(lock -> lock.channel.equals(channel)).forEach(lock -> heard(lock, sentMillis));
    }

    void lost(LockRef lock, long token) {
        over.merge(lock, token, Math::max);
        Held now = held.get(lock);
        if (now != null && now.token <= token) {
            held.remove(lock);
        }
    }

    /** @return the token under which it has the lock, as far as it knows, and has not given it back; 0 for none */
    long active(LockRef lock) {
        Held now = held.get(lock);
        return now == null || now.isGivenBack ? 0 : now.token;
    }

    /** The client will not act under it any more. */
    long giveBack(LockRef lock) {
        Held now = held.get(lock);
        held.put(lock, new Held(now.token, now.baseMillis, true));
        return now.token;
    }

    void keep(LockRef lock) {
        held.computeIfPresent(lock, (key, now) -> new Held(now.token, now.baseMillis, false));
    }

    Set<LockRef> all() {
        return held.keySet();
    }

    Optional<LockRef> any() {
        return held.entrySet().stream()
                .filter(each -> !each.getValue().isGivenBack)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** @return the token under which the client would act on this lock now, 0 for none */
    long trusted(LockRef lock, long nowMillis) {
        Held now = held.get(lock);
        boolean isTrusted =
                now != null && !now.isGivenBack && nowMillis < now.baseMillis + Habit.TTL_SECONDS * MILLIS_PER_SECOND;
        return isTrusted ? now.token : 0;
    }
}
