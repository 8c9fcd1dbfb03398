// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One client, as the protocol wants it: it asks again under the same id, resumes, subscribes anew where it missed something. */
final class Client {

    static final Comparator<Client> BY_NAME = Comparator.comparing(Client::user);

    private static final long ASK_AGAIN_MILLIS = 1_000;
    private static final long DEADLINE_MILLIS = 8_000;
    private static final int ATTEMPTS_BEFORE_DOUBT = 2;

    private final Simulation simulation;
    private final String user;
    private final Map<Long, Pending> pending = new LinkedHashMap<>();
    private final Map<LockRef, Long> held = new LinkedHashMap<>();
    private final Map<ChannelKey, Subscription> subscriptions = new HashMap<>();
    private String sessionId;
    private int sessions = 1;
    private long epoch;
    private long lastId;
    private long lastAttempt;
    private long lastIndex;
    private boolean confirmed;
    private @Nullable Gateway at;

    /** A lock by its names. */
    record LockRef(ChannelKey channel, String name) {}

    private static final class Pending {
        final long id;
        final Function<Caller, Command.Request> how;
        final boolean waits;
        final Set<Long> open = new LinkedHashSet<>();
        long deadlineMillis;
        int attempts;

        Pending(long id, Function<Caller, Command.Request> how, boolean waits, long deadlineMillis) {
            this.id = id;
            this.how = how;
            this.waits = waits;
            this.deadlineMillis = deadlineMillis;
        }
    }

    private static final class Subscription {
        long requestId;
        long seenSeq = -1;
    }

    Client(Simulation simulation, String user) {
        this.simulation = simulation;
        this.user = user;
        this.sessionId = user + "-1";
    }

    String user() {
        return user;
    }

    String sessionId() {
        return sessionId;
    }

    boolean isConnected() {
        return at != null;
    }

    boolean isAt(Machine machine) {
        return at != null && at.machine() == machine;
    }

    Map<LockRef, Long> held() {
        return held;
    }

    int pendingCount() {
        return pending.size();
    }

    String pendingText() {
        return user + " at " + (at == null ? "nowhere" : at.machine().id()) + " confirmed=" + confirmed + " asks "
                + pending.values().stream()
                        .map(each -> each.how.apply(new Caller(sessionId, epoch, each.id)))
                        .toList();
    }

    /** The number of the last event it saw, -1 for none. */
    long seenSeq(ChannelKey channel) {
        Subscription subscription = subscriptions.get(channel);
        return subscription == null ? -1 : subscription.seenSeq;
    }

    void connect(Gateway gateway) {
        at = gateway;
        epoch++;
        confirmed = false;
        subscriptions.clear();
        gateway.attach(this);
        simulation.connected(sessionId);
        announce(epoch);
    }

    private void announce(long announced) {
        if (at != null && announced == epoch && !confirmed) {
            at.ask(
                    new Command.SessionOnline(
                            sessionId, epoch, user, at.machine().id()),
                    sessionId,
                    0);
            at.machine().after(ASK_AGAIN_MILLIS, () -> {
                if (at != null && !confirmed) {
                    at.doubtLeader();
                }
                announce(announced);
            });
        }
    }

    /** The connection ends; the gateway lives on and says so. */
    void disconnect() {
        Gateway gateway = at;
        if (gateway != null) {
            leave();
            gateway.detach(this, new Command.SessionOffline(sessionId, epoch));
        }
    }

    /** The machine it was connected to is gone. */
    void loseConnection() {
        leave();
    }

    private void leave() {
        at = null;
        confirmed = false;
        simulation.disconnected(sessionId);
    }

    /** It leaves on purpose, and will be another session when it comes again. */
    void logout() {
        Gateway gateway = at;
        if (gateway != null) {
            leave();
            gateway.detach(this, new Command.SessionGone(sessionId, epoch));
            pending.clear();
            held.clear();
            sessions++;
            sessionId = user + "-" + sessions;
            epoch = 0;
            lastId = 0;
        }
    }

    void onNewLeader() {
        if (simulation.bent().subscriptionsMoveBlindly()) {
            return;
        }
        confirmed = false;
        subscriptions.clear();
        announce(epoch);
    }

    void ask(boolean waits, Function<Caller, Command.Request> how) {
        Pending asked = new Pending(++lastId, how, waits, simulation.nowMillis() + DEADLINE_MILLIS);
        pending.put(asked.id, asked);
        attempt(asked);
    }

    private void attempt(Pending asked) {
        Gateway gateway = at;
        if (gateway == null || !confirmed || pending.get(asked.id) != asked) {
            return;
        }
        if (!asked.waits && simulation.nowMillis() > asked.deadlineMillis && giveUp(asked)) {
            return;
        }
        if (++asked.attempts % ATTEMPTS_BEFORE_DOUBT == 0 && !asked.waits) {
            gateway.doubtLeader();
        }
        long attempt = ++lastAttempt;
        asked.open.add(attempt);
        boolean isNew = simulation.bent().retriesUnderNewIds() && !isSubscription(asked.id);
        long id = isNew ? asked.id * 1_000 + asked.attempts : asked.id;
        gateway.ask(asked.how.apply(new Caller(sessionId, epoch, id)), sessionId, attempt);
        long asking = epoch;
        gateway.machine().after(asked.waits ? 3 * ASK_AGAIN_MILLIS : ASK_AGAIN_MILLIS, () -> {
            if (asking == epoch) {
                attempt(asked);
            }
        });
    }

    /** After the deadline: nothing happened, if that is certain; else the same is asked on and on. */
    private boolean giveUp(Pending asked) {
        if (!asked.open.isEmpty()) {
            simulation.count("outcomes unknown for a while");
            asked.deadlineMillis += DEADLINE_MILLIS;
            return false;
        }
        pending.remove(asked.id);
        simulation.count("definite refusals");
        simulation.watch(invariant -> invariant.onNothingHappened(this, asked.id));
        Simulation.CHANNELS.stream()
                .filter(channel -> isSubscription(channel, asked.id))
                .forEach(this::subscribe);
        return true;
    }

    private boolean isSubscription(long id) {
        return Simulation.CHANNELS.stream().anyMatch(channel -> isSubscription(channel, id));
    }

    private boolean isSubscription(ChannelKey channel, long id) {
        Subscription subscription = subscriptions.get(channel);
        return subscription != null && subscription.requestId == id;
    }

    void receive(Message message) {
        if (message instanceof Message.Answered answered) {
            lastIndex = Math.max(lastIndex, answered.index());
            onAnswered(answered.effect());
        } else if (message instanceof Message.Resumed resumed) {
            onResumed(resumed.effect(), resumed.index());
        } else if (message instanceof Message.NotAdmitted refused) {
            onNotAdmitted(refused.caller());
        } else if (message instanceof Message.Refused refused) {
            pending.values().forEach(each -> each.open.remove(refused.attempt()));
        } else {
            receiveEvent(message);
        }
    }

    private void receiveEvent(Message message) {
        if (message instanceof Message.Event event) {
            onEvent(event.event());
        } else if (message instanceof Message.Snapshotted snapshot) {
            onSnapshot(snapshot.effect());
        } else if (message instanceof Message.Latest latest && confirmed) {
            Subscription subscription = subscriptions.get(latest.channel());
            if (subscription != null && subscription.seenSeq >= 0 && subscription.seenSeq < latest.seq()) {
                subscribe(latest.channel());
            }
        }
    }

    private void onResumed(Effect.Resumed resumed, long index) {
        if (resumed.epoch() != epoch) {
            return;
        }
        if (index > lastIndex) {
            held.clear();
            resumed.held().forEach(each -> hold(each.channel(), each.lockName(), each.fencingToken()));
        }
        if (!confirmed) {
            confirmed = true;
            List.copyOf(pending.values()).forEach(this::attempt);
            Simulation.CHANNELS.forEach(this::subscribe);
        }
    }

    private void onNotAdmitted(Caller caller) {
        if (caller.epoch() == epoch && at != null && confirmed) {
            epoch++;
            confirmed = false;
            announce(epoch);
        }
    }

    private void onAnswered(Effect.Replied reply) {
        long id = simulation.bent().retriesUnderNewIds() && reply.requestId() > 1_000
                ? reply.requestId() / 1_000
                : reply.requestId();
        Pending asked = pending.remove(id);
        if (asked == null) {
            return;
        }
        simulation.watch(invariant -> invariant.onAnswer(this, reply));
        Answer answer = reply.reply().answer();
        simulation.count(answer.rejection() == null ? "answers" : "refusals by rule");
        if (answer instanceof Answer.Granted granted) {
            hold(granted.channel(), granted.lockName(), granted.fencingToken());
        } else if (asked.how.apply(new Caller(sessionId, epoch, id)) instanceof Command.ReleaseLock release) {
            held.remove(new LockRef(release.channel(), release.lockName()), release.fencingToken());
        }
    }

    /** The answer to a request that was sent again may be of an earlier grant than the present one. */
    private void hold(ChannelKey channel, String lockName, long token) {
        held.merge(new LockRef(channel, lockName), token, Math::max);
    }

    private void subscribe(ChannelKey channel) {
        Subscription subscription = new Subscription();
        subscriptions.put(channel, subscription);
        subscription.requestId = lastId + 1;
        ask(false, caller -> new Command.Subscribe(caller, channel, true, false, false));
    }

    private void onSnapshot(Effect.Snapshotted snapshot) {
        Subscription subscription = subscriptions.get(snapshot.channel());
        boolean isAwaited =
                subscription != null && subscription.seenSeq < 0 && snapshot.requestId() == subscription.requestId;
        pending.remove(snapshot.requestId());
        if (isAwaited) {
            subscription.seenSeq = snapshot.seq();
            simulation.watch(invariant -> invariant.onSnapshot(this, snapshot));
        }
    }

    private void onEvent(LockEvent event) {
        Subscription subscription = subscriptions.get(event.channel());
        if (subscription == null || subscription.seenSeq < 0 || event.seq() <= subscription.seenSeq) {
            return;
        }
        if (event.seq() > subscription.seenSeq + 1 && !simulation.bent().subscriptionsMoveBlindly()) {
            simulation.count("gaps seen");
            subscribe(event.channel());
            return;
        }
        subscription.seenSeq = event.seq();
        simulation.count("events seen");
        simulation.watch(invariant -> invariant.onEvent(this, event));
        if (event.previousOwner() != null && event.previousOwner().equals(user)) {
            held.remove(new LockRef(event.channel(), event.lockName()), event.fencingToken());
        }
    }
}
