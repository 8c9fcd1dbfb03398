// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.raft.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes with one shard, and clients, all from one seed, in one thread, in virtual time.
 *
 * <p>First everything goes wrong that may; then all is healed, and everything must be answered.
 */
final class Simulation {

    static final List<String> NODES = List.of("n0", "n1", "n2");
    static final List<ChannelKey> CHANNELS =
            List.of(new ChannelKey(ChannelType.MESSAGE, "c"), new ChannelKey(ChannelType.STREAM, "d"));

    private static final int CLIENTS = 8;
    private static final long TROUBLE_MILLIS = 60_000;
    private static final long CALM_MILLIS = 30_000;
    private static final long QUIET_MILLIS = 60_000;
    private static final long DETECTION_MILLIS = 5_000;
    private static final long CLOCKS_APART_MILLIS = 1_000_000_000;
    private static final long START_UTC_MILLIS = 1_800_000_000_000L;

    private final Bent bent;
    private final SplittableRandom random;
    private final Clockwork clockwork = new Clockwork();
    private final Network network;
    private final History history = new History();
    private final Map<String, Machine> machines = new LinkedHashMap<>();
    private final Map<String, ShardHost> hosts = new LinkedHashMap<>();
    private final Map<String, Gateway> gateways = new LinkedHashMap<>();
    private final Map<String, Integer> lives = new HashMap<>();
    private final Map<String, Long> diedMillis = new HashMap<>();
    private final Map<String, Long> offlineSince = new HashMap<>();
    private final Set<String> connected = new HashSet<>();
    private final List<Client> clients = new ArrayList<>();
    private boolean isQuiet;
    private final Map<String, Long> counts = new TreeMap<>();
    private final List<Invariant> invariants = Invariants.all(this);
    private final List<Endpoint> founders =
            NODES.stream().map(name -> new Endpoint(name, "1")).toList();

    Simulation(long seed, Bent bent) {
        this.bent = bent;
        this.random = new SplittableRandom(seed);
        this.network = new Network(clockwork, random.split());
    }

    /** @throws Broken when a promise was broken */
    void run() {
        NODES.forEach(this::start);
        for (int i = 0; i < CLIENTS; i++) {
            Client client = new Client(this, "u" + i);
            clients.add(client);
            new Habit(this, client, clockwork, random.split()).start();
        }
        Trouble trouble = new Trouble(this, clockwork, network, random.split());
        trouble.begin();
        clockwork.runUntil(TROUBLE_MILLIS);
        trouble.end();
        clockwork.runUntil(TROUBLE_MILLIS + CALM_MILLIS);
        isQuiet = true;
        long end = nowMillis() + QUIET_MILLIS;
        while (nowMillis() < end && !isSettled()) {
            clockwork.runUntil(nowMillis() + 1_000);
        }
        clockwork.runUntil(nowMillis() + 3_000);
        watch(invariant -> invariant.atTheEnd(this));
    }

    /** A promise was broken, or something else, where nobody would hear it. */
    void failed(Throwable failure) {
        clockwork.fail(failure);
    }

    /** Whether clients begin nothing new, and give back what they have. */
    boolean isQuiet() {
        return isQuiet;
    }

    private boolean isSettled() {
        return clients.stream()
                .allMatch(each -> each.pendingCount() == 0 && each.held().isEmpty() && each.isConnected());
    }

    /** A new life of a node. */
    void start(String name) {
        int life = lives.merge(name, 1, Integer::sum);
        Machine machine = new Machine(
                clockwork,
                name,
                life,
                random.nextLong(-CLOCKS_APART_MILLIS, CLOCKS_APART_MILLIS),
                START_UTC_MILLIS + random.nextLong(-500, 500));
        machines.put(name, machine);
        Endpoint self = new Endpoint(name, bent.comesBackAsBefore() ? "1" : String.valueOf(life));
        ShardHost host = new ShardHost(this, machine, self, founders, random.nextLong());
        hosts.put(name, host);
        gateways.put(name, new Gateway(this, machine));
        host.start();
    }

    void kill(String name) {
        Machine machine = machines.get(name);
        machine.kill();
        diedMillis.put(machine.id(), nowMillis());
        clients.stream().filter(each -> each.isAt(machine)).forEach(Client::loseConnection);
        count("kills");
    }

    /** A replica that cannot follow starts again, if it still lives and can be told. */
    void restart(Endpoint laggard) {
        if (laggard.equals(present().get(laggard.node()))) {
            kill(laggard.node());
            start(laggard.node());
        }
    }

    Machine machine(String name) {
        return Objects.requireNonNull(machines.get(name));
    }

    Gateway gateway(String name) {
        return Objects.requireNonNull(gateways.get(name));
    }

    List<ShardHost> hosts() {
        return List.copyOf(hosts.values());
    }

    List<Client> clients() {
        return clients;
    }

    History history() {
        return history;
    }

    Bent bent() {
        return bent;
    }

    long nowMillis() {
        return clockwork.nowMillis();
    }

    /** All nodes live, and the shard's voters are their present lives: one of them may die. */
    boolean isHealthy() {
        if (machines.values().stream().anyMatch(Machine::isDead)) {
            return false;
        }
        Set<Endpoint> present = Set.copyOf(present().values());
        return hosts.values().stream()
                .allMatch(host -> Set.copyOf(host.log().voters()).equals(present)
                        && host.log().members().size() == present.size());
    }

    Map<String, Endpoint> present() {
        Map<String, Endpoint> present = new TreeMap<>();
        hosts.forEach((name, host) -> {
            if (!machine(name).isDead()) {
                present.put(name, host.self());
            }
        });
        return present;
    }

    /** What the failure detector says. */
    boolean isKnownAlive(String gatewayId) {
        Long died = diedMillis.get(gatewayId);
        return died == null || nowMillis() - died < DETECTION_MILLIS;
    }

    Set<String> gateways() {
        Set<String> ids = new TreeSet<>();
        machines.values().stream().filter(each -> !each.isDead()).forEach(each -> ids.add(each.id()));
        return ids;
    }

    void toReplica(Machine from, Endpoint target, byte[] message) {
        network.send(from.name(), target.node(), () -> {
            ShardHost host = hosts.get(target.node());
            machine(target.node()).run(() -> host.onMessage(message));
        });
    }

    void toShard(Machine from, String target, Command command, String sessionId, long attempt) {
        network.post(from.name(), target, () -> {
            ShardHost host = hosts.get(target);
            machine(target).run(() -> host.onCommand(from.id(), command, sessionId, attempt));
        });
    }

    void toGateway(Machine from, String gatewayId, Message message) {
        if (gatewayId.isEmpty()) {
            return;
        }
        String name = gatewayId.substring(0, gatewayId.indexOf('/'));
        network.post(from.name(), name, () -> {
            Gateway gateway = gateway(name);
            if (gateway.machine().id().equals(gatewayId)) {
                gateway.machine().run(() -> gateway.receive(message));
            }
        });
    }

    void connected(String sessionId) {
        connected.add(sessionId);
    }

    void disconnected(String sessionId) {
        connected.remove(sessionId);
        offlineSince.putIfAbsent(sessionId, nowMillis());
    }

    /** The shard knows a session to be online, and so it is, unless it has gone again. */
    private void noteOnline(Effect effect) {
        if (effect instanceof Effect.Resumed resumed && connected.contains(resumed.sessionId())) {
            offlineSince.remove(resumed.sessionId());
        }
    }

    /** Since when it is without a connection of which the shard knows, or null. */
    @Nullable
    Long offlineSince(String sessionId) {
        return offlineSince.get(sessionId);
    }

    void applied(Endpoint replica, long index, Moment moment, Command command, List<Effect> effects) {
        if (history.applied((String) replica.getId(), index, moment, command, effects)) {
            effects.forEach(this::noteOnline);
            watch(invariant -> invariant.onApplied(moment, command, effects, nowMillis()));
        }
    }

    void watch(Consumer<Invariant> action) {
        invariants.forEach(action);
    }

    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    Map<String, Long> counts() {
        return counts;
    }

    /** Differs when anything went differently. */
    int traceHash() {
        return Objects.hash(history.traceHash(), counts, nowMillis());
    }
}
