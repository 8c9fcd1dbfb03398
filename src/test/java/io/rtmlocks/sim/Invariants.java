// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.Snapshot;
import io.rtmlocks.sim.Holdings.Grant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

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
                new EventInvariants.NoEventLost(simulation),
                new TtlIsALowerBound(simulation),
                new SessionsAreFoundAgain(simulation),
                new EveryWaiterAnswered(simulation),
                new EventInvariants.LossesAreTold(simulation),
                new EventInvariants.LossIsToldFirst(simulation),
                new EventInvariants.StorageIsSeen(simulation),
                new ReplicasAgree(simulation));
    }

    /** Who was given a lock, under which token. */
    static void noteHolders(List<Effect> effects, Map<Grant, String> holders) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Replied reply && reply.reply().answer() instanceof Answer.Granted granted) {
                Holdings.LockRef lock = new Holdings.LockRef(granted.channel(), granted.lockName());
                holders.put(new Grant(lock, granted.fencingToken()), reply.sessionId());
            }
        }
    }

    static Grant grantOf(LockEvent event) {
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

    /** No lock of somebody who is away is given up while its owner may still trust in it, or before its ttl is over. */
    static final class TtlIsALowerBound implements Invariant {
        private static final long MILLIS_PER_SECOND = 1_000;

        private record Epoch(int shard, String sessionId, long number) {}

        private record InShard(int shard, String sessionId) {}

        private record InChannel(ChannelKey channel, String sessionId) {}

        private final Simulation simulation;
        private final Map<Grant, String> holders = new HashMap<>();
        private final Map<Epoch, Long> offlineAsked = new HashMap<>();
        private final Map<InShard, Long> offlineSince = new HashMap<>();
        private final Map<History.Request, Long> leavingAsked = new HashMap<>();
        private final Map<InChannel, Long> leftSince = new HashMap<>();

        TtlIsALowerBound(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void onAsked(int shard, Command command) {
            if (command instanceof Command.SessionOffline offline) {
                offlineAsked.putIfAbsent(
                        new Epoch(shard, offline.sessionId(), offline.epoch()), simulation.nowMillis());
            } else if (command instanceof Command.Unsubscribe leaving) {
                leavingAsked.putIfAbsent(requestOf(leaving), simulation.nowMillis());
            }
        }

        @Override
        public void onApplied(int shard, Command command, List<Effect> effects) {
            if (command instanceof Command.SessionOffline offline) {
                Epoch epoch = new Epoch(shard, offline.sessionId(), offline.epoch());
                offlineSince.putIfAbsent(new InShard(shard, offline.sessionId()), offlineAsked.get(epoch));
            } else if (command instanceof Command.Request request && isDone(effects)) {
                onRequest(request);
            }
            noteHolders(effects, holders);
            for (Effect effect : effects) {
                if (effect instanceof Effect.Resumed resumed) {
                    offlineSince.remove(new InShard(shard, resumed.sessionId()));
                } else if (effect instanceof Effect.Published published
                        && published.event().type() == LockEvent.Type.EXPIRED) {
                    check(shard, published.event());
                }
            }
        }

        private void onRequest(Command.Request request) {
            InChannel place = new InChannel(request.channel(), request.caller().sessionId());
            if (request instanceof Command.Unsubscribe) {
                leftSince.putIfAbsent(place, leavingAsked.get(requestOf(request)));
            } else if (request instanceof Command.Subscribe) {
                leftSince.remove(place);
            }
        }

        private static boolean isDone(List<Effect> effects) {
            return effects.stream().anyMatch(effect -> effect instanceof Effect.Replied);
        }

        private static History.Request requestOf(Command.Request request) {
            return new History.Request(
                    request.caller().sessionId(), request.caller().requestId());
        }

        private void check(int shard, LockEvent event) {
            Grant grant = grantOf(event);
            String owner = String.valueOf(holders.get(grant));
            Long since = Stream.of(
                            offlineSince.get(new InShard(shard, owner)),
                            leftSince.get(new InChannel(event.channel(), owner)))
                    .filter(Objects::nonNull)
                    .min(Comparator.naturalOrder())
                    .orElse(null);
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
                if (client.requests().pendingCount() > 0 || !client.isLoggedIn()) {
                    broken("at %d, %s", simulation.nowMillis(), client.text());
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
