// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.LockView;
import io.rtmlocks.lock.Rejection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What somebody knows who sees all commands and all effects of a table: who is there, who owns what, who waits where.
 *
 * <p>It believes what it is told; to doubt is the invariants' part.
 */
public final class Ledger {

    /** A lock by its names. */
    public record LockName(ChannelKey channel, String name) {}

    /** A session's place in a queue. */
    record Wait(String sessionId, long requestId) {}

    /** A session: in which life, and since when it is offline. */
    static final class Presence {
        final String userId;
        long epoch;
        boolean online;
        long offlineSinceMillis;

        /** How long it was offline at most, by one clock, since it went. */
        long longestAwayMillis;

        Presence(String userId) {
            this.userId = userId;
        }

        boolean mayBeForgotten(Turn turn, long rememberedMillis) {
            long awayMillis = turn.moment().monotonicMillis() - offlineSinceMillis;
            return !online && Math.max(awayMillis, longestAwayMillis) >= rememberedMillis;
        }
    }

    /** An owner, and since when its ttl runs (null: it does not). */
    static final class Ownership {
        final String sessionId;
        final String userId;
        final long token;
        final int ttlSeconds;
        boolean leftChannel;

        @Nullable
        Long awaySinceMillis;

        Ownership(String sessionId, LockEvent event) {
            this.sessionId = sessionId;
            this.userId = event.owner();
            this.token = event.fencingToken();
            this.ttlSeconds = event.ttlSeconds();
        }
    }

    private final Map<String, Presence> sessions = new LinkedHashMap<>();
    private final Map<LockName, Ownership> owners = new LinkedHashMap<>();
    private final Map<LockName, List<Wait>> queues = new LinkedHashMap<>();
    private final Map<LockName, Long> tokens = new LinkedHashMap<>();
    private Effect.@Nullable Replied lastGrant;
    private long lastMillis;

    /** Lets the invariants watch one turn, effect by effect. */
    public void watch(Turn turn, List<Invariant> invariants) {
        lastGrant = null;
        starts(turn);
        for (Effect effect : turn.effects()) {
            invariants.forEach(invariant -> invariant.before(effect, turn, this));
            take(effect, turn);
        }
        noteWait(turn);
        owners.forEach((lock, owner) -> notePresence(owner, turn));
        lastMillis = turn.moment().monotonicMillis();
        invariants.forEach(invariant -> invariant.after(turn, this));
    }

    boolean isOnline(String sessionId) {
        Presence presence = sessions.get(sessionId);
        return presence != null && presence.online;
    }

    @Nullable
    Presence presence(String sessionId) {
        return sessions.get(sessionId);
    }

    @Nullable
    Ownership owner(LockName lock) {
        return owners.get(lock);
    }

    Map<LockName, Ownership> owners() {
        return owners;
    }

    Map<LockName, List<Wait>> queues() {
        return queues;
    }

    /** Those who wait for this lock and are there, in order. */
    List<Wait> onlineWaiters(LockName lock) {
        return queues.getOrDefault(lock, List.of()).stream()
                .filter(wait -> isOnline(wait.sessionId))
                .toList();
    }

    /** The highest token that anybody was granted for this lock, 0 for none. */
    long lastToken(LockName lock) {
        return tokens.getOrDefault(lock, 0L);
    }

    /** The latest reply of this turn that granted a lock. */
    Effect.@Nullable Replied lastGrant() {
        return lastGrant;
    }

    private void starts(Turn turn) {
        if (turn.command() instanceof Command.LeaderChanged) {
            startAgain(turn.moment().monotonicMillis());
        }
        if (turn.command() instanceof Command.SessionOffline offline) {
            Presence presence = sessions.get(offline.sessionId());
            if (presence != null && offline.epoch() >= presence.epoch) {
                presence.epoch = offline.epoch();
                goOffline(presence, turn);
            }
        }
    }

    /** Times of another clock say nothing: whoever is away is so from now on. */
    private void startAgain(long nowMillis) {
        for (Presence presence : sessions.values()) {
            presence.longestAwayMillis = Math.max(presence.longestAwayMillis, lastMillis - presence.offlineSinceMillis);
            presence.offlineSinceMillis = nowMillis;
        }
        for (Ownership owner : owners.values()) {
            owner.awaySinceMillis = owner.awaySinceMillis == null ? null : nowMillis;
        }
    }

    private static void goOffline(Presence presence, Turn turn) {
        if (presence.online) {
            presence.online = false;
            presence.longestAwayMillis = 0;
            presence.offlineSinceMillis = turn.moment().monotonicMillis();
        }
    }

    private void take(Effect effect, Turn turn) {
        effect.accept(new Taking(turn));
    }

    /** An acquire that was let in and not answered waits. */
    private void noteWait(Turn turn) {
        if (turn.command() instanceof Command.AcquireLock acquire
                && turn.effects(Effect.NotAdmitted.class).findAny().isEmpty()
                && turn.replies(acquire.caller().sessionId(), acquire.caller().requestId()) == 0) {
            Wait wait = new Wait(acquire.caller().sessionId(), acquire.caller().requestId());
            List<Wait> queue = queues.computeIfAbsent(
                    new LockName(acquire.channel(), acquire.lockName()), any -> new ArrayList<>());
            if (!queue.contains(wait)) {
                queue.add(wait);
            }
        }
    }

    private void notePresence(Ownership owner, Turn turn) {
        if (isOnline(owner.sessionId) && !owner.leftChannel) {
            owner.awaySinceMillis = null;
        } else if (owner.awaySinceMillis == null) {
            owner.awaySinceMillis = turn.moment().monotonicMillis();
        }
    }

    private void leaveQueues(Wait wait) {
        queues.values().forEach(queue -> queue.remove(wait));
    }

    /** How each effect changes what is known. */
    private final class Taking implements Effect.Visitor {
        private final Turn turn;

        Taking(Turn turn) {
            this.turn = turn;
        }

        @Override
        public void replied(Effect.Replied effect) {
            Answer answer = effect.reply().answer();
            if (answer instanceof Answer.Granted) {
                lastGrant = effect;
            }
            if (!isRefusedReuse(answer)) {
                leaveQueues(new Wait(effect.sessionId(), effect.requestId()));
            }
            notePlaceInChannel(effect.sessionId(), answer);
        }

        private boolean isRefusedReuse(Answer answer) {
            return answer.rejection() != null && answer.rejection().kind() == Rejection.Kind.ID_REUSED;
        }

        private void notePlaceInChannel(String sessionId, Answer answer) {
            boolean subscribed = answer instanceof Answer.Subscribed;
            if (!subscribed && !(answer instanceof Answer.Unsubscribed)) {
                return;
            }
            owners.forEach((lock, owner) -> {
                if (lock.channel.equals(answer.channel()) && owner.sessionId.equals(sessionId)) {
                    owner.leftChannel = !subscribed;
                }
            });
        }

        @Override
        public void resumed(Effect.Resumed effect) {
            Command.SessionOnline online = (Command.SessionOnline) turn.command();
            Presence presence = sessions.computeIfAbsent(effect.sessionId(), any -> new Presence(online.userId()));
            presence.online = true;
            presence.epoch = effect.epoch();
            queues.forEach((lock, queue) -> queue.removeIf(
                    wait -> wait.sessionId.equals(effect.sessionId()) && !isWaiting(effect, lock, wait)));
        }

        private boolean isWaiting(Effect.Resumed effect, LockName lock, Wait wait) {
            return effect.waiting().stream()
                    .anyMatch(waiting -> waiting.requestId() == wait.requestId
                            && waiting.channel().equals(lock.channel)
                            && waiting.lockName().equals(lock.name));
        }

        @Override
        public void departed(Effect.Departed effect) {
            Presence presence = Objects.requireNonNull(sessions.get(effect.sessionId()));
            presence.epoch = effect.epoch();
            goOffline(presence, turn);
        }

        @Override
        public void published(Effect.Published effect) {
            LockEvent event = effect.event();
            LockName lock = new LockName(event.channel(), event.lockName());
            owners.remove(lock);
            if (event.type() == LockEvent.Type.ACQUIRED && lastGrant != null) {
                owners.put(lock, new Ownership(lastGrant.sessionId(), event));
                tokens.merge(lock, event.fencingToken(), Math::max);
            } else if (event.type() == LockEvent.Type.REMOVED) {
                queues.remove(lock);
            }
        }

        @Override
        public void lockLost(Effect.LockLost effect) {}

        @Override
        public void snapshotted(Effect.Snapshotted effect) {}

        @Override
        public void notAdmitted(Effect.NotAdmitted effect) {}

        @Override
        public void takenOver(Effect.TakenOver effect) {}

        @Override
        public void storagePublished(Effect.StoragePublished effect) {}

        @Override
        public void placed(Effect.Placed effect) {}

        @Override
        public void queueChanged(Effect.QueueChanged effect) {}
    }

    /** What a view says of a lock, for comparison. */
    boolean agrees(ChannelKey channel, LockView view) {
        Ownership owner = owners.get(new LockName(channel, view.lockName()));
        return owner == null
                ? view.owner().isEmpty() && view.fencingToken() == 0
                : view.owner().equals(owner.userId) && view.fencingToken() == owner.token;
    }
}
