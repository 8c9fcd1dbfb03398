// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockTable;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.lock.Snapshot;
import io.rtmlocks.raft.Endpoint;
import io.rtmlocks.raft.RaftLog;
import io.rtmlocks.raft.RaftPorts;
import io.rtmlocks.raft.RaftSettings;
import io.rtmlocks.raft.RaftTransport;
import io.rtmlocks.raft.Replica;
import io.rtmlocks.raft.ShardExecutor;
import io.rtmlocks.shard.ShardClock;
import io.rtmlocks.shard.ShardLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The shard on one machine: the real table behind the real log; what it tells goes to gateways over the network. */
final class ShardHost implements Replica, RaftTransport, ShardExecutor {

    static final RaftSettings SETTINGS = new RaftSettings(4, 500, 20, 4_096, 16, 200, 2_048, 20, 6_000);

    private static final int SHARD = 7;
    private static final long BEAT_MILLIS = 250;
    private static final long SWEEP_MILLIS = 1_000;
    private static final long PAUSE_MILLIS = 1_000;
    private static final long GRACE_MILLIS = 2_000;

    private final Simulation simulation;
    private final Machine machine;
    private final Endpoint self;
    private final ShardClock clock;
    private final RaftLog log;
    private final Map<ChannelKey, Set<String>> interest = new HashMap<>();
    private LockTable table;

    ShardHost(Simulation simulation, Machine machine, Endpoint self, List<Endpoint> founders, long seed) {
        this.simulation = simulation;
        this.machine = machine;
        this.self = self;
        this.table = simulation.bent().table();
        this.clock = new ShardClock(machine::utcMillis, machine::nanos, PAUSE_MILLIS, GRACE_MILLIS);
        RaftPorts ports = new RaftPorts(this, this, clock, machine::monotonicMillis, new Random(seed));
        this.log = new RaftLog(SHARD, self, founders, SETTINGS, ports, this);
    }

    void start() {
        log.start();
        machine.every(BEAT_MILLIS, this::beat);
        machine.every(SWEEP_MILLIS, this::sweep);
    }

    RaftLog log() {
        return log;
    }

    LockTable table() {
        return table;
    }

    Endpoint self() {
        return self;
    }

    private void beat() {
        log.onEndpoints(simulation.present());
        if (log.leads() && table.nextDeadlineMillis() <= clock.millis()) {
            log.append("", new Command.Tick());
        }
        clock.millis();
    }

    /** Sessions whose gateway has been lost are offline, and gateways learn what they may have missed. */
    private void sweep() {
        if (!log.leads()) {
            return;
        }
        for (Snapshot.SessionState session : table.snapshot().sessions()) {
            if (session.online() && !simulation.isKnownAlive(session.gateway())) {
                log.append("", new Command.SessionOffline(session.id(), session.epoch()));
            }
        }
        for (String gateway : simulation.gateways()) {
            post(gateway, new Message.Leads(machine.name(), log.term()));
        }
        for (Snapshot.ChannelState channel : table.snapshot().channels()) {
            interest.getOrDefault(channel.key(), Set.of())
                    .forEach(gateway -> post(gateway, new Message.Latest(channel.key(), channel.seq())));
        }
    }

    /** A gateway asks. */
    void onCommand(String gateway, Command command, String sessionId, long attempt) {
        ShardLog.Admission admission = log.append(gateway, command);
        if (admission != ShardLog.Admission.TAKEN) {
            Endpoint leader = log.leader();
            post(gateway, new Message.Refused(sessionId, attempt, leader == null ? null : leader.node()));
        } else if (simulation.bent().answersBeforeCommit()) {
            LockTable ahead = simulation.bent().table(table.snapshot());
            tell(gateway, command, ahead.apply(ahead.lastIndex() + 1, clock.now(), command));
        }
    }

    void onMessage(byte[] message) {
        log.onMessage(message);
    }

    private void post(String gateway, Message message) {
        simulation.toGateway(machine, gateway, message);
    }

    @Override
    public void apply(long index, Moment moment, String gateway, Command command) {
        if (command instanceof Command.LeaderChanged && simulation.bent().clocksAreMixed()) {
            command = new Command.Tick();
            moment = new Moment(moment.utcMillis(), Long.MIN_VALUE);
        }
        List<Effect> effects = table.apply(index, moment, command);
        simulation.applied(self, index, moment, command, effects);
        if (log.leads()) {
            tell(gateway, command, effects);
        }
    }

    private void tell(String gateway, Command command, List<Effect> effects) {
        for (Effect effect : effects) {
            tell(gateway, effect);
        }
        if (command instanceof Command.SessionOffline offline) {
            post(gateway, new Message.Noted(offline.sessionId(), offline));
        } else if (command instanceof Command.SessionGone gone) {
            post(gateway, new Message.Noted(gone.sessionId(), gone));
        }
    }

    private void tell(String gateway, Effect effect) {
        if (effect instanceof Effect.Replied reply && !(reply.reply().answer() instanceof Answer.Subscribed)) {
            post(reply.gateway(), new Message.Answered(reply, table.lastIndex()));
        } else if (effect instanceof Effect.Resumed resumed) {
            post(resumed.gateway(), new Message.Resumed(resumed, table.lastIndex()));
        } else if (effect instanceof Effect.NotAdmitted refused) {
            post(gateway, new Message.NotAdmitted(refused.caller()));
        } else if (effect instanceof Effect.Snapshotted snapshot) {
            interest.computeIfAbsent(snapshot.channel(), any -> new TreeSet<>()).add(snapshot.gateway());
            post(snapshot.gateway(), new Message.Snapshotted(snapshot));
        } else if (effect instanceof Effect.Published published) {
            interested(published.event().channel()).forEach(each -> post(each, new Message.Event(published.event())));
        }
    }

    private Set<String> interested(ChannelKey channel) {
        return simulation.bent().subscriptionsMoveBlindly()
                ? simulation.gateways()
                : interest.getOrDefault(channel, Set.of());
    }

    @Override
    public Snapshot snapshot() {
        return table.snapshot();
    }

    @Override
    public void install(@Nullable Snapshot snapshot) {
        table = simulation.bent().table(Objects.requireNonNull(snapshot));
    }

    @Override
    public void onLeader(int term) {
        interest.clear();
        simulation.count("leaders");
        sweep();
    }

    @Override
    public void onFollower() {
        interest.clear();
    }

    @Override
    public void onDropped(String gateway, Command command, boolean mayHappen) {
        simulation.count("commands dropped");
    }

    @Override
    public void onFailure(Throwable failure) {
        simulation.failed(failure);
    }

    @Override
    public void onStuck(Endpoint laggard) {
        simulation.count("stuck replicas");
        simulation.restart(laggard);
    }

    @Override
    public void send(Endpoint target, byte[] message) {
        simulation.toReplica(machine, target, message);
    }

    @Override
    public boolean isReachable(Endpoint target) {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        machine.after(0, task);
    }

    @Override
    public void schedule(long delayMillis, Runnable task) {
        machine.after(delayMillis, task);
    }
}
