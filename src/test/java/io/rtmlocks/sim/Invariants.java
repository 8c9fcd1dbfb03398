// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
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
                new OneHolderPerLock(simulation),
                new TokensOnlyGrow(),
                new AcknowledgedIsKept(simulation),
                new NoDefiniteErrorHadEffect(simulation),
                new AskedOnceDoneOnce(),
                new NoEventLost(simulation),
                new TtlIsALowerBound(simulation),
                new SessionsAreFoundAgain(simulation),
                new EveryWaiterAnswered(simulation),
                new LossesAreTold(simulation),
                new StorageIsSeen(simulation),
                new ReplicasAgree(simulation));
    }

    private record Grant(Holdings.LockRef lock, long token) {}

    private static Grant grantOf(LockEvent event) {
        return new Grant(new Holdings.LockRef(event.channel(), event.lockName()), event.fencingToken());
    }

    /** No token is given to two sessions, and nobody gets a lock under which another may still act in good faith. */
    static final class OneHolderPerLock implements Invariant {
        private final Simulation simulation;
        private final Map<Grant, String> holders = new HashMap<>();

        /** Who loses a lock by the will of another may not hear of it at once: then its token protects. */
        private final Set<Grant> takenAway = new HashSet<>();

        OneHolderPerLock(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void onApplied(int shard, Command command, List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Published published
                        && (command instanceof Command.RevokeLock || command instanceof Command.RemoveLock)) {
                    takenAway.add(grantOf(published.event()));
                }
            }
        }

        @Override
        public void onGranted(Client client, Holdings.LockRef lock, long token) {
            String other = holders.putIfAbsent(new Grant(lock, token), client.sessionId());
            if (other != null && !other.equals(client.sessionId())) {
                broken("%s was told %s under %d, and so was %s", client.sessionId(), lock, token, other);
            }
            if (client.holdings().trusted(lock, simulation.nowMillis()) == token) {
                simulation.clients().stream()
                        .filter(each -> each != client)
                        .forEach(each -> check(client, token, each, lock));
            }
        }

        private void check(Client client, long token, Client other, Holdings.LockRef lock) {
            long trusted = other.holdings().trusted(lock, simulation.nowMillis());
            if (trusted != 0 && !takenAway.contains(new Grant(lock, Math.min(trusted, token)))) {
                broken("%s has %s under %d, %s trusts in %d", client.user(), lock, token, other.user(), trusted);
            }
        }
    }

    /** Each grant has a higher token than the one before, whoever leads and whatever the clocks say. */
    static final class TokensOnlyGrow implements Invariant {
        private final Map<Holdings.LockRef, Long> last = new HashMap<>();

        @Override
        public void onApplied(int shard, Command command, List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Published published
                        && published.event().type() == LockEvent.Type.ACQUIRED) {
                    Grant grant = grantOf(published.event());
                    Long before = last.put(grant.lock(), grant.token());
                    if (before != null && before >= grant.token()) {
                        broken("%s after %d", grant, before);
                    }
                }
            }
        }
    }

    /** What a client was answered has been committed, and just so. */
    static final class AcknowledgedIsKept implements Invariant {
        private final Simulation simulation;

        AcknowledgedIsKept(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void onAnswer(Client client, long requestId, String frame) {
            History.Request request = new History.Request(client.sessionId(), requestId);
            if (simulation.histories().stream().noneMatch(each -> each.isAnswer(request, frame))) {
                broken("%s was answered %s, which was not committed", request, frame);
            }
        }
    }

    /** Who was told that nothing happened can rely on it. */
    static final class NoDefiniteErrorHadEffect implements Invariant {
        private final Simulation simulation;
        private final Set<History.Request> refused = new HashSet<>();

        NoDefiniteErrorHadEffect(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void onNothingHappened(Client client, long requestId) {
            History.Request request = new History.Request(client.sessionId(), requestId);
            refused.add(request);
            if (simulation.histories().stream().anyMatch(each -> each.isAnswered(request))) {
                broken("%s was said not to have happened, and had", request);
            }
        }

        @Override
        public void onApplied(int shard, Command command, List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Replied reply
                        && refused.contains(new History.Request(reply.sessionId(), reply.requestId()))) {
                    broken("%s was said not to have happened, and did", reply);
                }
            }
        }
    }

    /** A write, each of which has a value of its own, happens once, however often it is asked for. */
    static final class AskedOnceDoneOnce implements Invariant {
        private final Set<Object> written = new HashSet<>();

        @Override
        public void onApplied(int shard, Command command, List<Effect> effects) {
            boolean isDone = effects.stream().anyMatch(effect -> effect instanceof Effect.StoragePublished);
            if (command instanceof Command.WriteMetadata write && isDone && !written.add(write.items())) {
                broken("%s was done before", write);
            }
        }
    }

    /** A subscriber sees each event after its snapshot, once, in order, as it was committed, and the last one too. */
    static final class NoEventLost implements Invariant {
        private final Simulation simulation;
        private final Map<List<Object>, Long> seen = new HashMap<>();

        NoEventLost(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void onSnapshot(Client client, ChannelKey channel, long seq, String frame) {
            seen.put(List.of(client, channel), seq);
            if (simulation.histories().stream().noneMatch(each -> each.isSnapshot(channel, seq, frame))) {
                broken("%s saw %s, which it never looked like", client.user(), frame);
            }
        }

        @Override
        public void onEvent(Client client, ChannelKey channel, long seq, String frame) {
            Long before = seen.put(List.of(client, channel), seq);
            if (before == null || before + 1 != seq) {
                broken("%s saw %d after %d", client.user(), seq, before);
            }
            if (simulation.histories().stream().noneMatch(each -> each.isEvent(channel, seq, frame))) {
                broken("%s saw %s, which was not committed", client.user(), frame);
            }
        }

        @Override
        public void atTheEnd() {
            for (Client client : simulation.clients()) {
                for (ChannelKey channel : Simulation.CHANNELS) {
                    long last = simulation.historyOf(channel).lastSeq(channel);
                    if (client.seenSeq(channel) != last) {
                        broken("%s saw %d of %d events of %s", client.user(), client.seenSeq(channel), last, channel);
                    }
                }
            }
        }
    }

    /** No lock of somebody who is away is given up while its owner may still trust in it, or before its ttl is over. */
    static final class TtlIsALowerBound implements Invariant {
        private static final long MILLIS_PER_SECOND = 1_000;

        private record Epoch(int shard, String sessionId, long number) {}

        private record InShard(int shard, String sessionId) {}

        private final Simulation simulation;
        private final Map<Grant, String> holders = new HashMap<>();
        private final Map<Epoch, Long> offlineAsked = new HashMap<>();
        private final Map<InShard, Long> offlineSince = new HashMap<>();

        TtlIsALowerBound(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void onAsked(int shard, Command command) {
            if (command instanceof Command.SessionOffline offline) {
                offlineAsked.putIfAbsent(
                        new Epoch(shard, offline.sessionId(), offline.epoch()), simulation.nowMillis());
            }
        }

        @Override
        public void onApplied(int shard, Command command, List<Effect> effects) {
            if (command instanceof Command.SessionOffline offline) {
                Epoch epoch = new Epoch(shard, offline.sessionId(), offline.epoch());
                offlineSince.putIfAbsent(new InShard(shard, offline.sessionId()), offlineAsked.get(epoch));
            }
            for (Effect effect : effects) {
                if (effect instanceof Effect.Resumed resumed) {
                    offlineSince.remove(new InShard(shard, resumed.sessionId()));
                } else if (effect instanceof Effect.Replied reply
                        && reply.reply().answer() instanceof Answer.Granted granted) {
                    Holdings.LockRef lock = new Holdings.LockRef(granted.channel(), granted.lockName());
                    holders.put(new Grant(lock, granted.fencingToken()), reply.sessionId());
                } else if (effect instanceof Effect.Published published
                        && published.event().type() == LockEvent.Type.EXPIRED) {
                    check(shard, published.event());
                }
            }
        }

        private void check(int shard, LockEvent event) {
            Grant grant = grantOf(event);
            Long since = offlineSince.get(new InShard(shard, String.valueOf(holders.get(grant))));
            if (since == null || simulation.nowMillis() - since < event.ttlSeconds() * MILLIS_PER_SECOND) {
                broken("at %d, %s, whose owner is offline since %s", simulation.nowMillis(), event, since);
            }
            for (Client client : simulation.clients()) {
                if (client.holdings().trusted(grant.lock(), simulation.nowMillis()) == grant.token()) {
                    broken("at %d, %s, in which %s trusts", simulation.nowMillis(), event, client.user());
                }
            }
        }
    }

    /** Whoever comes back within the time for which a session is remembered has what it had. */
    static final class SessionsAreFoundAgain implements Invariant {
        private final Simulation simulation;

        SessionsAreFoundAgain(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void onNewSession(Client client, String formerSessionId) {
            for (History history : simulation.histories()) {
                for (Snapshot.ChannelState channel : history.snapshot().channels()) {
                    if (channel.locks().stream().anyMatch(lock -> formerSessionId.equals(lock.ownerSession()))) {
                        broken("%s is not resumed, though it owns %s", formerSessionId, channel.locks());
                    }
                }
            }
        }
    }

    /** When all is well again, nobody waits for an answer. */
    static final class EveryWaiterAnswered implements Invariant {
        private final Simulation simulation;

        EveryWaiterAnswered(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void atTheEnd() {
            for (Client client : simulation.clients()) {
                if (client.pendingCount() > 0 || !client.isLoggedIn()) {
                    broken("at %d, %s", simulation.nowMillis(), client.text());
                }
            }
        }
    }

    /** Who lost a lock against its will is told so, sooner or later. */
    static final class LossesAreTold implements Invariant {
        private final Simulation simulation;
        private final Map<Grant, String> holders = new HashMap<>();
        private final Map<String, Set<Heard.Loss>> losses = new HashMap<>();

        LossesAreTold(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void onApplied(int shard, Command command, List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Replied reply
                        && reply.reply().answer() instanceof Answer.Granted granted) {
                    Holdings.LockRef lock = new Holdings.LockRef(granted.channel(), granted.lockName());
                    holders.put(new Grant(lock, granted.fencingToken()), reply.sessionId());
                } else if (effect instanceof Effect.Published published && isLoss(published.event())) {
                    Grant ended = grantOf(published.event());
                    losses.computeIfAbsent(holders.getOrDefault(ended, ""), none -> new HashSet<>())
                            .add(new Heard.Loss(ended.lock(), ended.token()));
                }
            }
        }

        private static boolean isLoss(LockEvent event) {
            return switch (event.type()) {
                case EXPIRED -> true;
                case REMOVED -> event.fencingToken() != 0;
                case RELEASED -> event.cause() == LockEvent.Cause.REVOKED;
                default -> false;
            };
        }

        @Override
        public void atTheEnd() {
            for (Client client : simulation.clients()) {
                Set<Heard.Loss> missing = new HashSet<>(losses.getOrDefault(client.sessionId(), Set.of()));
                missing.removeAll(client.heard().losses());
                if (!missing.isEmpty()) {
                    broken("%s (%s) was not told of %s", client.user(), client.sessionId(), missing);
                }
            }
        }
    }

    /** When all is well again, everybody has seen the last write to each channel's storage. */
    static final class StorageIsSeen implements Invariant {
        private final Simulation simulation;

        StorageIsSeen(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void atTheEnd() {
            for (ChannelKey channel : Simulation.CHANNELS) {
                long last = simulation.historyOf(channel).snapshot().channels().stream()
                        .filter(each -> each.key().equals(channel))
                        .mapToLong(Snapshot.ChannelState::majorRevision)
                        .findAny()
                        .orElse(0);
                for (Client client : simulation.clients()) {
                    if (client.heard().revision(channel) != last) {
                        broken("%s saw %d of %d", client.user(), client.heard().revision(channel), last);
                    }
                }
            }
        }
    }

    /** When all is well again, all replicas have the same table, and vote. */
    static final class ReplicasAgree implements Invariant {
        private final Simulation simulation;

        ReplicasAgree(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void atTheEnd() {
            if (!simulation.isHealthy()) {
                broken("a replica does not vote");
            }
            List<Snapshot> committed =
                    simulation.histories().stream().map(History::snapshot).toList();
            for (String node : Simulation.NODES) {
                simulation.life(node).hosts().forEach((shard, host) -> {
                    if (!host.snapshot().equals(committed.get(shard))) {
                        broken("%s has %s, committed is %s", node, host.snapshot(), committed.get(shard));
                    }
                });
            }
        }
    }
}
