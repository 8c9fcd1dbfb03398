// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A channel: its locks, its storage, and the two numbers that never go back, the event number and the fencing token.
 *
 * <p>It is kept when its last lock goes, for the sake of these numbers.
 */
final class Channel {

    final ChannelKey key;
    final Map<String, Lock> locks = new LinkedHashMap<>();
    Metadata metadata;
    long seq;
    long lastToken;

    Channel(ChannelKey key) {
        this.key = key;
        this.metadata = new Metadata(key);
    }

    /** Raises the channel's token; the new one is above each that any lock of the channel ever had. */
    long nextToken(Turn turn) {
        lastToken = turn.rules.nextToken(lastToken, turn.moment.utcMillis());
        return lastToken;
    }

    /** Publishes a change of one of its locks under the next number; the lock is in its new state already. */
    void publish(
            Turn turn,
            LockEvent.Type type,
            Lock lock,
            long fencingToken,
            String publisher,
            @Nullable String previousOwner,
            LockEvent.@Nullable Cause cause) {
        seq = turn.rules.nextSeq(seq);
        turn.effects.add(new Effect.Published(new LockEvent(
                type,
                key,
                lock.name(),
                lock.owner == null ? "" : lock.owner.userId,
                lock.ttlSeconds,
                fencingToken,
                publisher,
                previousOwner,
                cause,
                seq,
                turn.moment.utcMillis())));
    }

    /** Why a write guarded by the lock is refused: this session does not own it now, or with another token (0: any); else null. */
    @Nullable
    Rejection guardRefusal(Session session, String lockName, long fencingToken) {
        Lock lock = locks.get(lockName);
        String reason = null;
        if (lock == null || lock.owner != session) {
            reason = "you do not own the lock '" + lockName + "' now";
        } else if (fencingToken != 0 && fencingToken != lock.fencingToken) {
            reason = "you own the lock '" + lockName + "' with token " + lock.fencingToken + ", not " + fencingToken;
        }
        return reason == null ? null : new Rejection(Rejection.Kind.LOCK_GUARD, reason, null);
    }

    List<LockView> view(boolean withQueue) {
        List<LockView> views = new ArrayList<>(locks.size());
        for (Lock lock : locks.values()) {
            views.add(lock.view(withQueue));
        }
        return views;
    }

    Effect.StorageEvent storageEvent(boolean isSnapshot, String publisher, Turn turn) {
        return new Effect.StorageEvent(
                isSnapshot, key, metadata.majorRevision(), metadata.items(), publisher, turn.moment.utcMillis());
    }
}
