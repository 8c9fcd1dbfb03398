// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.cluster.Placement;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.lock.Snapshot;
import io.rtmlocks.shard.ReplicaMessage;
import io.rtmlocks.shard.ShardLog;
import io.rtmlocks.shard.ShardMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes as they are (gateways, shards, replicated logs) and clients that speak the protocol, all from one seed, in one
 * thread, in virtual time.
 *
 * <p>First everything goes wrong that may; then all is healed, and everything must be answered.
 */
final class Simulation {

    static final int SHARDS = 2;

    /** Three, or as many as {@code -Drtm.sim.nodes} says, of which three have a replica of each shard. */
    static final List<String> NODES = IntStream.range(0, Integer.getInteger("rtm.sim.nodes", 3))
            .mapToObj(i -> "n" + i)
            .toList();

    static final List<ChannelKey> CHANNELS =
            List.of(new ChannelKey(ChannelType.MESSAGE, "c"), new ChannelKey(ChannelType.STREAM, "e"));

    private static final boolean TRACE = Boolean.getBoolean("rtm.trace");
    private static final int CLIENTS = 8;
    private static final long TROUBLE_MILLIS = 60_000;
    private static final int SNAPSHOT_EVERY_ENTRIES = 200;
    private static final long CALM_MILLIS = 30_000;
    private static final long HEALED_MILLIS = 12_000;
    private static final int ENTRY_UNDER_WAY_SECONDS = 5;
    private static final long QUIET_MILLIS = 60_000;
    private static final long CLOCKS_APART_MILLIS = 1_000_000_000;
    private static final long START_UTC_MILLIS = 1_800_000_000_000L;

    /** One seed in eight is twice as long, and lives on snapshots. */
    private final boolean isHarsh;

    private final SplittableRandom random;
    private final Clockwork clockwork = new Clockwork();
    private final Network network;
    private final List<History> histories = new ArrayList<>();
    private final Map<String, Life> lives = new LinkedHashMap<>();
    private final Map<String, Integer> starts = new HashMap<>();
    private final List<Client> clients = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final List<Invariant> invariants = Invariants.all(this);
    private boolean isQuiet;
    private long calmFromMillis = Long.MAX_VALUE;

    Simulation(long seed) {
        this.isHarsh = Math.floorMod(seed, 8) == 1;
        this.random = new SplittableRandom(seed);
        this.network = new Network(clockwork, random.split());
        for (int i = 0; i < SHARDS; i++) {
            histories.add(new History());
        }
    }

    /** @return what one run of a seed broke, or null; for runs of code that is not this class's own */
    static @Nullable String brokenBy(long seed) {
        try {
            new Simulation(seed).run();
            return null;
        } catch (Broken broken) {
            return broken.getMessage();
        }
    }

    /** @throws Broken when a promise was broken */
    void run() {
        FailedAssertions.forget();
        NODES.forEach(this::start);
        for (int i = 0; i < CLIENTS; i++) {
            Client client = new Client(this, clockwork, random.split(), "u" + i);
            clients.add(client);
            new Habit(this, client, clockwork, random.split()).start();
        }
        Trouble trouble = new Trouble(this, clockwork, network, random.split());
        trouble.begin();
        clockwork.runUntil(isHarsh ? 2 * TROUBLE_MILLIS : TROUBLE_MILLIS);
        trouble.end();
        calmFromMillis = nowMillis() + HEALED_MILLIS;
        clockwork.runUntil(nowMillis() + CALM_MILLIS);
        isQuiet = true;
        long end = nowMillis() + QUIET_MILLIS;
        while (nowMillis() < end && !isSettled()) {
            clockwork.runUntil(nowMillis() + 1_000);
        }
        clockwork.runUntil(nowMillis() + 3_000);
        for (int second = 0; second < ENTRY_UNDER_WAY_SECONDS && !isEven(); second++) {
            clockwork.runUntil(nowMillis() + 1_000);
        }
        watch(Invariant::atTheEnd);
        FailedAssertions.check();
    }

    /** The nodes that have a replica of the shard. */
    static List<String> nodesOf(int shard) {
        return new Placement(NODES).of(shard);
    }

    /** With whom the shard began. */
    static Map<String, String> foundersOf(int shard) {
        Map<String, String> founders = new TreeMap<>();
        nodesOf(shard).forEach(each -> founders.put(each, "i1"));
        return founders;
    }

    int snapshotEveryEntries() {
        return isHarsh ? SNAPSHOT_EVERY_ENTRIES / 5 : SNAPSHOT_EVERY_ENTRIES;
    }

    /** Whether clients begin nothing new, and give back what they have. */
    boolean isQuiet() {
        return isQuiet;
    }

    /** Whether all faults of nodes and network are over, and their consequences as well. */
    boolean isCalm() {
        return nowMillis() >= calmFromMillis;
    }

    /** Whether all replicas have applied as much: a session may be forgotten in the last moment. */
    private boolean isEven() {
        return lives.values().stream()
                .allMatch(life -> life.hosts().entrySet().stream()
                        .allMatch(each -> each.getValue().snapshot().lastIndex()
                                == histories.get(each.getKey()).snapshot().lastIndex()));
    }

    private boolean isSettled() {
        return isHealthy()
                && clients.stream()
                        .allMatch(each -> each.requests().pendingCount() == 0
                                && each.holdings().all().isEmpty()
                                && each.isLoggedIn()
                                && each.listens());
    }

    /** A new life of a node. */
    void start(String name) {
        trace(() -> name + " starts");
        int number = starts.merge(name, 1, Integer::sum);
        Machine machine = new Machine(
                clockwork,
                name,
                number,
                random.nextLong(-CLOCKS_APART_MILLIS, CLOCKS_APART_MILLIS),
                START_UTC_MILLIS + random.nextLong(-500, 500));
        Life life = new Life(this, machine, "i" + number, new Random(random.nextLong()));
        lives.put(name, life);
        life.start();
    }

    void kill(String name) {
        trace(() -> name + " is killed");
        Machine machine = life(name).machine();
        machine.kill();
        clients.stream()
                .map(Client::connection)
                .filter(each -> each != null && each.isTo(machine))
                .forEach(Connection::cut);
    }

    Life life(String name) {
        return Objects.requireNonNull(lives.get(name));
    }

    List<Client> clients() {
        return clients;
    }

    List<History> histories() {
        return histories;
    }

    History historyOf(ChannelKey channel) {
        return histories.get(new ShardMap(SHARDS).shardOf(channel));
    }

    /** The node that is to lead a shard when it can. */
    static String homeOf(int shard) {
        return NODES.get(shard % NODES.size());
    }

    long nowMillis() {
        return clockwork.nowMillis();
    }

    /** All nodes live, and all their replicas vote: one of them may die. */
    boolean isHealthy() {
        return lives.values().stream().allMatch(each -> !each.machine().isDead() && each.votes());
    }

    /** From bus to bus; messages of replicas as if each were a datagram: they must stand it. */
    void toBus(Platform from, String address, Class<?> type, byte[] message) {
        for (Life life : lives.values()) {
            if (life.platform().hears(address)) {
                Machine to = life.machine();
                Runnable arrival = () -> to.run(() -> life.platform().receive(address, message));
                if (type == ReplicaMessage.class) {
                    network.send(from.machine().name(), to.name(), arrival);
                } else {
                    network.post(from.machine().name(), to.name(), arrival);
                }
            }
        }
    }

    /** From the failure detector of one node to that of another, whichever life it has then. */
    void toLife(Machine from, String name, Consumer<Life> message) {
        network.post(from.name(), name, () -> {
            Life life = life(name);
            life.machine().run(() -> message.accept(life));
        });
    }

    /** The host of a shard's log, and before it the history of what the log commits. */
    ShardLog.Host watching(int shard, String replica, ShardLog.Host host) {
        return new ShardLog.Host() {
            @Override
            public void apply(long index, Moment moment, String gateway, Command command) {
                applied(shard, replica, index, moment, command);
                host.apply(index, moment, gateway, command);
            }

            @Override
            public Limits limits() {
                return host.limits();
            }

            @Override
            public Snapshot snapshot() {
                return host.snapshot();
            }

            @Override
            public void install(@Nullable Snapshot snapshot) {
                host.install(snapshot);
            }

            @Override
            public void onLeader(int term) {
                count("leaders");
                host.onLeader(term);
            }

            @Override
            public void onFollower() {
                host.onFollower();
            }

            @Override
            public void onDropped(String gateway) {
                count("commands dropped");
                host.onDropped(gateway);
            }
        };
    }

    private void applied(int shard, String replica, long index, Moment moment, Command command) {
        try {
            trace(() -> replica + " applies " + index + " of shard " + shard + ": " + command);
            List<Effect> effects = histories.get(shard).applied(replica, index, moment, command);
            watch(invariant -> invariant.onApplied(shard, command, effects));
        } catch (Broken broken) {
            clockwork.fail(broken);
        }
    }

    void watch(Consumer<Invariant> action) {
        invariants.forEach(action);
    }

    /** With {@code -Drtm.trace=true}, what happens is told as it happens. */
    void trace(Supplier<Object> what) {
        if (TRACE) {
            System.out.println(nowMillis() + " " + what.get());
        }
    }

    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    Map<String, Long> counts() {
        return counts;
    }

    /** Differs when anything went differently. */
    int traceHash() {
        return Objects.hash(histories.stream().map(History::traceHash).toList(), counts, nowMillis());
    }
}
