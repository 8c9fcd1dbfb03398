// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.lock.Snapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The promises to clients. Those that concern the order of commits alone are checked by the {@link History}. */
final class Invariants {

    private Invariants() {}

    static List<Invariant> all(Simulation simulation) {
        return List.of(
                new OneHolderPerLock(),
                new TokensOnlyGrow(),
                new AcknowledgedIsKept(simulation.history()),
                new NoDefiniteErrorHadEffect(),
                new AskedOnceDoneOnce(),
                new NoEventLost(simulation.history()),
                new TtlIsALowerBound(simulation),
                new EveryWaiterAnswered(),
                new ReplicasAgree());
    }

    private record Grant(ChannelKey channel, String lock, long token) {}

    private record LockName(ChannelKey channel, String lock) {}

    /** No token is given to two sessions. */
    static final class OneHolderPerLock implements Invariant {
        private final Map<Grant, String> holders = new HashMap<>();

        @Override
        public void onAnswer(Client client, Effect.Replied reply) {
            if (reply.reply().answer() instanceof Answer.Granted granted) {
                Grant grant = new Grant(granted.channel(), granted.lockName(), granted.fencingToken());
                String other = holders.putIfAbsent(grant, client.sessionId());
                if (other != null && !other.equals(client.sessionId())) {
                    broken("%s was told %s, and so was %s", client.sessionId(), grant, other);
                }
            }
        }
    }

    /** Each grant has a higher token than the one before, whoever leads and whatever the clocks say. */
    static final class TokensOnlyGrow implements Invariant {
        private final Map<LockName, Long> last = new HashMap<>();

        @Override
        public void onApplied(Moment moment, Command command, List<Effect> effects, long nowMillis) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Published published
                        && published.event().type() == LockEvent.Type.ACQUIRED) {
                    LockEvent event = published.event();
                    Long before = last.put(new LockName(event.channel(), event.lockName()), event.fencingToken());
                    if (before != null && before >= event.fencingToken()) {
                        broken("%s after %d", event, before);
                    }
                }
            }
        }
    }

    /** What a client was answered has been committed, and just so. */
    static final class AcknowledgedIsKept implements Invariant {
        private final History history;

        AcknowledgedIsKept(History history) {
            this.history = history;
        }

        @Override
        public void onAnswer(Client client, Effect.Replied reply) {
            Effect.Replied committed = history.reply(new History.Request(reply.sessionId(), reply.requestId()));
            boolean isRead = reply.reply().answer() instanceof Answer.Locks
                    || reply.reply().answer() instanceof Answer.Subscribed;
            if (committed == null || (!isRead && !committed.reply().equals(reply.reply()))) {
                broken("%s was answered %s, committed is %s", client.sessionId(), reply, committed);
            }
        }
    }

    /** Who was told that nothing happened can rely on it. */
    static final class NoDefiniteErrorHadEffect implements Invariant {
        private final Set<History.Request> refused = new HashSet<>();
        private final Set<History.Request> answered = new HashSet<>();

        @Override
        public void onNothingHappened(Client client, long requestId) {
            History.Request request = new History.Request(client.sessionId(), requestId);
            refused.add(request);
            check(request);
        }

        @Override
        public void onApplied(Moment moment, Command command, List<Effect> effects, long nowMillis) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Replied reply) {
                    History.Request request = new History.Request(reply.sessionId(), reply.requestId());
                    answered.add(request);
                    check(request);
                }
            }
        }

        private void check(History.Request request) {
            if (refused.contains(request) && answered.contains(request)) {
                broken("%s was said not to have happened, and did", request);
            }
        }
    }

    /** A write, each of which has a value of its own, happens once, however often it is asked for. */
    static final class AskedOnceDoneOnce implements Invariant {
        private final Set<Object> written = new HashSet<>();

        @Override
        public void onApplied(Moment moment, Command command, List<Effect> effects, long nowMillis) {
            boolean isDone = effects.stream().anyMatch(effect -> effect instanceof Effect.StoragePublished);
            if (command instanceof Command.WriteMetadata write && isDone && !written.add(write.items())) {
                broken("%s was done before", write);
            }
        }
    }

    /** A subscriber sees each event after its snapshot, once, in order, as it was committed, and the last one too. */
    static final class NoEventLost implements Invariant {
        private final History history;
        private final Map<List<Object>, Long> seen = new HashMap<>();

        NoEventLost(History history) {
            this.history = history;
        }

        @Override
        public void onSnapshot(Client client, Effect.Snapshotted snapshot) {
            seen.put(List.of(client, snapshot.channel()), snapshot.seq());
        }

        @Override
        public void onEvent(Client client, LockEvent event) {
            Long before = seen.put(List.of(client, event.channel()), event.seq());
            if (before == null || before + 1 != event.seq()) {
                broken("%s saw %d after %d", client.user(), event.seq(), before);
            }
            if (!event.equals(history.event(event.channel(), event.seq()))) {
                broken("%s saw %s, which was not committed", client.user(), event);
            }
        }

        @Override
        public void atTheEnd(Simulation simulation) {
            for (Client client : simulation.clients()) {
                for (ChannelKey channel : Simulation.CHANNELS) {
                    if (client.seenSeq(channel) != history.lastSeq(channel)) {
                        broken(
                                "%s saw %d events of %s, there were %d",
                                client.user(), client.seenSeq(channel), channel, history.lastSeq(channel));
                    }
                }
            }
        }
    }

    /** Nobody loses a lock for being away who was not, or not for the whole ttl. */
    static final class TtlIsALowerBound implements Invariant {
        private static final long MILLIS_PER_SECOND = 1_000;

        private final Simulation simulation;
        private final Map<Grant, String> holders = new HashMap<>();

        TtlIsALowerBound(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void onApplied(Moment moment, Command command, List<Effect> effects, long nowMillis) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Replied reply
                        && reply.reply().answer() instanceof Answer.Granted granted) {
                    holders.put(
                            new Grant(granted.channel(), granted.lockName(), granted.fencingToken()),
                            reply.sessionId());
                } else if (effect instanceof Effect.Published published
                        && published.event().type() == LockEvent.Type.EXPIRED) {
                    check(published.event(), nowMillis);
                }
            }
        }

        private void check(LockEvent event, long nowMillis) {
            String holder = holders.get(new Grant(event.channel(), event.lockName(), event.fencingToken()));
            Long since = holder == null ? Long.valueOf(0) : simulation.offlineSince(holder);
            if (since == null || nowMillis - since < event.ttlSeconds() * MILLIS_PER_SECOND) {
                broken("at %d, %s of %s, offline since %s", nowMillis, event, holder, since);
            }
        }
    }

    /** When all is well again, nobody waits for an answer. */
    static final class EveryWaiterAnswered implements Invariant {
        @Override
        public void atTheEnd(Simulation simulation) {
            for (Client client : simulation.clients()) {
                if (client.pendingCount() > 0 || !client.isConnected()) {
                    broken("at %d, %s", simulation.nowMillis(), client.pendingText());
                }
            }
        }
    }

    /** When all is well again, all replicas have the same table, and vote. */
    static final class ReplicasAgree implements Invariant {
        @Override
        public void atTheEnd(Simulation simulation) {
            if (!simulation.isHealthy()) {
                broken(
                        "voters %s, there are %s",
                        simulation.hosts().stream()
                                .map(host -> host.log().voters())
                                .toList(),
                        simulation.present());
            }
            Set<Snapshot> tables = new HashSet<>();
            simulation.hosts().forEach(host -> tables.add(host.snapshot()));
            if (tables.size() > 1) {
                broken("tables %s", tables);
            }
        }
    }
}
