// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.Snapshot;
import io.rtmlocks.sim.Holdings.Grant;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The promises of what clients are told without having asked. */
final class EventInvariants {

    private EventInvariants() {}

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
        public void onUnsubscribed(Client client, ChannelKey channel) {
            seen.remove(List.of(client, channel));
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
                    if (client.heard().seq(channel) != last) {
                        broken(
                                "%s saw %d of %d events of %s",
                                client.user(), client.heard().seq(channel), last, channel);
                    }
                }
            }
        }
    }

    /** Who lost a lock against its will is told so, sooner or later. */
    static final class LossesAreTold implements Invariant {
        private final Simulation simulation;
        private final Map<Grant, String> holders = new HashMap<>();
        private final Map<String, Set<Grant>> losses = new HashMap<>();

        LossesAreTold(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void onApplied(int shard, Command command, List<Effect> effects) {
            Invariants.noteHolders(effects, holders);
            for (Effect effect : effects) {
                if (effect instanceof Effect.Published published && isLoss(published.event())) {
                    Grant ended = Invariants.grantOf(published.event());
                    losses.computeIfAbsent(holders.getOrDefault(ended, ""), none -> new HashSet<>())
                            .add(ended);
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
                Set<Grant> missing = new HashSet<>(losses.getOrDefault(client.sessionId(), Set.of()));
                missing.removeAll(client.heard().losses());
                if (!missing.isEmpty()) {
                    broken("%s (%s) was not told of %s", client.user(), client.sessionId(), missing);
                }
            }
        }
    }

    /** Who lost a lock hears of it before anybody hears of the next owner, on whichever nodes they are. */
    static final class LossIsToldFirst implements Invariant {
        private static final String LOSS = "LOCK_LOST";
        private static final long STEADY_MILLIS = Life.OFFLINE_AFTER_MILLIS + Life.HEARTBEAT_MILLIS;

        private record Loser(Client client, @Nullable Connection connection) {}

        private final Simulation simulation;
        private final Map<Grant, Loser> untold = new HashMap<>();
        private final Set<Grant> told = new HashSet<>();

        LossIsToldFirst(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public void onApplied(int shard, Command command, List<Effect> effects) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.LockLost lost
                        && simulation.isCalm()
                        && !told.contains(grantOf(lost.loss()))) {
                    simulation.clients().stream()
                            .filter(each -> each.sessionId().equals(lost.sessionId()) && isSteady(each))
                            .forEach(each -> untold.put(grantOf(lost.loss()), new Loser(each, each.connection())));
                }
            }
        }

        private boolean isSteady(Client client) {
            return client.isLoggedIn()
                    && client.listens()
                    && simulation.nowMillis() - client.steadySinceMillis() > STEADY_MILLIS;
        }

        private static Grant grantOf(Effect.Loss loss) {
            return new Grant(new Holdings.LockRef(loss.channel(), loss.lockName()), loss.fencingToken());
        }

        @Override
        public void onWritten(Client client, String frame) {
            if (untold.isEmpty() && !frame.contains(LOSS)) {
                return;
            }
            JsonObject event = new JsonObject(frame);
            if (LOSS.equals(event.getString("type"))) {
                Grant loss = Frames.grantOf(event);
                untold.remove(loss);
                told.add(loss);
            } else if ("ACQUIRED".equals(event.getString("eventType"))) {
                Grant next = Frames.grantOf(event);
                untold.forEach((grant, loser) -> {
                    if (grant.lock().equals(next.lock())
                            && grant.token() < next.token()
                            && isSteady(loser.client)
                            && loser.connection == loser.client.connection()) {
                        broken(
                                "%s is told %s, %s not yet of the loss of %d",
                                client.user(), frame, loser.client.user(), grant.token());
                    }
                });
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
}
