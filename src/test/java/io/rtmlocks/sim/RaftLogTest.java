// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.LockTable;
import io.rtmlocks.lock.Metadata;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.lock.Operation;
import io.rtmlocks.lock.Snapshot;
import io.rtmlocks.raft.Endpoint;
import io.rtmlocks.raft.RaftLog;
import io.rtmlocks.raft.RaftPorts;
import io.rtmlocks.raft.RaftSettings;
import io.rtmlocks.raft.RaftTransport;
import io.rtmlocks.raft.Replica;
import io.rtmlocks.raft.ShardExecutor;
import io.rtmlocks.shard.ShardClock;
import io.rtmlocks.shard.ShardLog.Admission;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a replicated log does where the library behind it would leave its host alone: three replicas in virtual time. */
class RaftLogTest {

    private static final int ENTRIES = 3_000;

    /** A message takes a millisecond: enough for the pieces in which the log is sent, and far too short to ask about each entry. */
    private static final long CAUGHT_UP_MILLIS_MAX = 200 + 2 * ENTRIES / RaftSettings.STANDARD.entriesInMessageMax();

    private static final int SNAPSHOT_EVERY_ENTRIES = 100;
    private static final int LARGE_BYTES = 10_000;

    private final Clockwork clockwork = new Clockwork();
    private final Map<Endpoint, Node> nodes = new HashMap<>();

    /** Nobody hears them, and they hear nobody. */
    private final Set<Endpoint> cutOff = new HashSet<>();

    /** They hear, and nobody hears them. */
    private final Set<Endpoint> mute = new HashSet<>();

    /** How many messages were sent to each. */
    private final Map<Endpoint, Integer> sent = new HashMap<>();

    /** What they said meanwhile, the last thing to each. */
    private final Map<Endpoint, byte[]> unheard = new HashMap<>();

    private RaftSettings settings = RaftSettings.STANDARD;
    private List<Endpoint> founders = founders(3);

    private static List<Endpoint> founders(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Endpoint("n" + i, "first"))
                .toList();
    }

    private void runFor(long millis) {
        clockwork.runUntil(clockwork.nowMillis() + millis);
    }

    /** A replica that applies to a table. */
    private final class Node implements Replica {
        private final LockTable table = new LockTable(Limits.STANDARD);
        private final RaftLog log;
        private final Set<String> dropped = new HashSet<>();
        private int applied;
        private int appliedAhead;
        private int snapshots;
        private int installed;

        Node(Endpoint self) {
            nodes.put(self, this);
            ShardExecutor executor = new ShardExecutor() {
                @Override
                public void execute(Runnable task) {
                    clockwork.after(0, task);
                }

                @Override
                public void schedule(long delayMillis, Runnable task) {
                    clockwork.after(delayMillis, task);
                }
            };
            RaftTransport transport = new RaftTransport() {
                @Override
                public void send(Endpoint target, byte[] message) {
                    sent.merge(target, 1, Integer::sum);
                    clockwork.after(1, () -> {
                        if (cutOff.contains(target) || cutOff.contains(self) || mute.contains(self)) {
                            unheard.put(target, message);
                        } else if (nodes.containsKey(target)) {
                            nodes.get(target).log.onMessage(message);
                        }
                    });
                }

                @Override
                public boolean isBeside(Endpoint replica, String gateway) {
                    return gateway.equals("gateway of " + replica.node());
                }

                @Override
                public boolean isReachable(Endpoint target) {
                    return nodes.containsKey(target);
                }
            };
            ShardClock clock =
                    new ShardClock(clockwork::nowMillis, () -> clockwork.nowMillis() * 1_000_000, 1_000, 1_000);
            RaftPorts ports =
                    new RaftPorts(executor, transport, clock, clockwork::nowMillis, new Random(self.hashCode()));
            log = new RaftLog(0, self, founders, settings, ports, this);
            log.start();
        }

        @Override
        public void apply(long index, Moment moment, String gateway, Command command) {
            applied++;
            appliedAhead += log.isAhead() ? 1 : 0;
        }

        @Override
        public Limits limits() {
            return Limits.STANDARD;
        }

        @Override
        public Snapshot snapshot() {
            snapshots++;
            return table.snapshot();
        }

        @Override
        public void install(@Nullable Snapshot snapshot) {
            installed++;
        }

        @Override
        public void onLeader(int term) {}

        @Override
        public void onFollower() {}

        @Override
        public void onDropped(String gateway) {
            dropped.add(gateway);
        }

        @Override
        public void onFailure(Throwable failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onRemoved() {}

        @Override
        public void onStuck(Endpoint laggard) {}
    }

    private Node elected() {
        founders.forEach(Node::new);
        runFor(5_000);
        return nodes.values().stream()
                .filter(each -> each.log.leads())
                .findFirst()
                .orElseThrow();
    }

    private Endpoint otherThan(Node leader) {
        return othersThan(leader).get(0);
    }

    private List<Endpoint> othersThan(Node leader) {
        return founders.stream().filter(each -> !each.equals(leader.log.self())).toList();
    }

    private void append(Node leader) {
        assertThat(leader.log.append("", new Command.Tick())).isEqualTo(Admission.TAKEN);
        runFor(5);
    }

    private void runUntil(BooleanSupplier isTrue) {
        long end = clockwork.nowMillis() + 60_000;
        while (!isTrue.getAsBoolean()) {
            runFor(1);
            assertThat(clockwork.nowMillis()).isLessThan(end);
        }
    }

    @Test
    void a_new_replica_of_a_long_log_has_all_of_it_soon() {
        settings = snapshotsEvery(2 * ENTRIES);
        Node leader = elected();
        for (int i = 0; i < ENTRIES; i++) {
            assertThat(leader.log.append("", new Command.Tick())).isEqualTo(Admission.TAKEN);
            runFor(2);
        }

        Endpoint newcomer = new Endpoint(otherThan(leader).node(), "second");
        Node late = new Node(newcomer);
        leader.log.onEndpoints(Map.of(newcomer.node(), newcomer));
        while (!leader.log.members().contains(newcomer)) {
            runFor(1);
        }
        runFor(CAUGHT_UP_MILLIS_MAX);

        assertThat(late.applied).isGreaterThan(ENTRIES);
    }

    @Test
    void what_is_dropped_by_a_leader_that_goes_on_leading_is_told() {
        Node leader = elected();
        Endpoint dead = otherThan(leader);
        nodes.remove(dead);

        leader.log.transferLeadership(dead);
        runFor(1);
        assertThat(leader.log.append("a gateway", new Command.Tick())).isEqualTo(Admission.TAKEN);
        runFor(5_000);

        assertThat(leader.log.leads()).isTrue();
        assertThat(leader.dropped).containsExactly("a gateway");
    }

    @Test
    void the_first_answer_after_a_snapshot_may_be_lost() {
        settings = snapshotsEvery(SNAPSHOT_EVERY_ENTRIES);
        Node leader = elected();
        Node late = withoutSnapshot(leader);
        append(leader);

        cutOff.remove(late.log.self());
        cutOff.add(othersThan(leader).get(1));
        int before = late.applied;
        runUntil(() -> late.applied > before);
        assertThat(late.installed).isEqualTo(1);
        cutOff.add(late.log.self());
        runFor(1);
        cutOff.remove(late.log.self());

        runUntil(leader.log::leads);
        append(leader);
        runUntil(() -> late.applied == before + 2);
    }

    @Test
    void who_led_in_vain_after_a_snapshot_follows_again() {
        settings = snapshotsEvery(SNAPSHOT_EVERY_ENTRIES);
        Node leader = elected();
        Node inVain = withoutSnapshot(leader);
        cutOff.clear();
        runUntil(() -> inVain.installed > 0);

        handOver(leader, inVain);
        cutOff.add(inVain.log.self());
        runUntil(() -> !inVain.log.leads());
        runUntil(() -> nodes.values().stream().anyMatch(each -> each.log.leads()));
        int before = inVain.applied;

        cutOff.clear();
        nodes.values().stream()
                .filter(each -> each != inVain && !each.log.leads())
                .forEach(each -> cutOff.add(each.log.self()));
        runUntil(() -> inVain.applied > before);
    }

    @Test
    void entries_go_at_once_to_as_many_as_make_a_majority_and_later_to_the_others() {
        Node leader = elected();
        sent.clear();
        for (int i = 0; i < 100; i++) {
            append(leader);
        }

        assertThat(sent.get(firstOf(leader))).isGreaterThanOrEqualTo(100);
        assertThat(sent.get(sparedBy(leader))).isLessThan(30);
        runFor(500);
        assertThat(nodes.values()).allMatch(each -> each.applied == leader.applied);
    }

    @Test
    void who_does_not_answer_is_waited_for_once() {
        Node leader = elected();
        append(leader);
        cutOff.add(firstOf(leader));
        int before = leader.applied;
        append(leader);
        assertThat(leader.applied).isEqualTo(before);
        runFor(100);
        assertThat(leader.applied).isEqualTo(before + 1);

        append(leader);
        assertThat(leader.applied).isEqualTo(before + 2);
    }

    /** Who has had more messages. */
    private Endpoint firstOf(Node leader) {
        return othersThan(leader).stream().max(Comparator.comparing(sent::get)).orElseThrow();
    }

    private Endpoint sparedBy(Node leader) {
        return othersThan(leader).stream().min(Comparator.comparing(sent::get)).orElseThrow();
    }

    @Test
    void an_answer_may_come_when_its_term_and_what_it_told_are_long_over() {
        settings = snapshotsEvery(SNAPSHOT_EVERY_ENTRIES);
        Node leader = elected();
        Node late = nodes.get(otherThan(leader));
        Node third = nodes.get(othersThan(leader).get(1));
        cutOffAnswering(late, leader);
        byte[] answer = unheard.get(leader.log.self());
        cutOff.clear();
        while (leader.snapshots == 0) {
            append(leader);
        }
        append(leader);

        handOver(leader, third);
        handOver(third, leader);
        cutOff.add(late.log.self());
        leader.log.onMessage(answer);
        runFor(5);
        cutOff.clear();
        cutOff.add(third.log.self());

        append(leader);
        int before = late.applied;
        int term = leader.log.term();
        runUntil(() -> late.applied > before);
        assertThat(leader.log.term()).isEqualTo(term);
    }

    @Test
    void one_of_three_knows_as_soon_as_it_has_an_entry_that_it_is_committed() {
        Node leader = elected();
        append(leader);
        Node follower = nodes.get(firstOf(leader));
        int before = follower.applied;
        int aheadBefore = follower.appliedAhead;
        assertThat(leader.log.append("", new Command.Tick())).isEqualTo(Admission.TAKEN);
        runFor(1);

        assertThat(follower.applied).isEqualTo(before + 1);
        assertThat(follower.appliedAhead).isEqualTo(aheadBefore + 1);
        assertThat(leader.applied).isEqualTo(before);
        runFor(1);
        assertThat(leader.applied).isEqualTo(before + 1);
        assertThat(leader.appliedAhead).isZero();
    }

    @Test
    void who_has_entries_late_knows_of_the_latest_alone_before_the_leader_can() {
        Node leader = elected();
        for (int i = 0; i < 1_000; i++) {
            assertThat(leader.log.append("", new Command.Tick())).isEqualTo(Admission.TAKEN);
            runFor(1);
        }
        Node first = nodes.get(firstOf(leader));
        Node late = nodes.get(sparedBy(leader));
        assertThat(first.appliedAhead).isGreaterThan(900);
        assertThat(late.applied).isGreaterThan(900);
        assertThat(late.appliedAhead).isBetween(1, 200);
    }

    @Test
    void who_knew_before_the_leader_and_took_a_snapshot_is_sent_what_it_has_and_goes_on() {
        settings = snapshotsEvery(SNAPSHOT_EVERY_ENTRIES);
        Node leader = elected();
        append(leader);
        Node follower = nodes.get(firstOf(leader));
        cutOff.add(sparedBy(leader));
        while (leader.applied < SNAPSHOT_EVERY_ENTRIES - 1) {
            append(leader);
        }
        mute.add(follower.log.self());
        append(leader);
        assertThat(follower.snapshots).isEqualTo(1);
        assertThat(leader.snapshots).isZero();
        mute.clear();

        append(leader);
        runFor(500);
        assertThat(leader.applied).isEqualTo(SNAPSHOT_EVERY_ENTRIES + 1);
        assertThat(follower.applied).isEqualTo(leader.applied);
    }

    @Test
    void one_of_five_knows_nothing_before_the_leader_does() {
        founders = founders(5);
        Node leader = elected();
        for (int i = 0; i < 10; i++) {
            append(leader);
        }
        runFor(500);
        assertThat(nodes.values()).allMatch(each -> each.applied == leader.applied && each.appliedAhead == 0);
    }

    @Test
    void entries_go_first_to_the_node_where_the_asking_client_is() {
        Node leader = elected();
        for (Endpoint asking : othersThan(leader)) {
            runFor(500);
            sent.clear();
            int before = nodes.get(asking).appliedAhead;
            for (int i = 0; i < 100; i++) {
                assertThat(leader.log.append("gateway of " + asking.node(), new Command.Tick()))
                        .isEqualTo(Admission.TAKEN);
                runFor(5);
            }
            assertThat(firstOf(leader)).isEqualTo(asking);
            assertThat(nodes.get(asking).appliedAhead).isEqualTo(before + 100);
        }
    }

    @Test
    void where_the_asking_client_is_and_no_replica_answers_is_waited_for_once() {
        Node leader = elected();
        Endpoint asking = otherThan(leader);
        append(leader);
        runFor(500);
        cutOff.add(asking);
        leader.log.append("gateway of " + asking.node(), new Command.Tick());
        runFor(100);
        int before = leader.applied;
        for (int i = 0; i < 10; i++) {
            leader.log.append("gateway of " + asking.node(), new Command.Tick());
            runFor(5);
        }
        assertThat(leader.applied).isEqualTo(before + 10);
    }

    /** Of five, since one of three knows at once that what it hears is committed. */
    @Test
    void who_has_all_of_a_snapshot_takes_none() {
        settings = snapshotsEvery(SNAPSHOT_EVERY_ENTRIES);
        founders = founders(5);
        Node leader = elected();
        for (int i = 0; i < 10; i++) {
            append(leader);
        }
        Node late = nodes.get(firstOf(leader));
        Node third = nodes.get(sparedBy(leader));
        cutOff.add(third.log.self());
        while (leader.applied < SNAPSHOT_EVERY_ENTRIES - 1) {
            append(leader);
        }
        assertThat(leader.log.append("", new Command.Tick())).isEqualTo(Admission.TAKEN);
        runUntil(() -> leader.snapshots > 0);
        cutOff.add(late.log.self());
        cutOff.remove(third.log.self());
        runUntil(() -> third.installed == 1);
        assertThat(late.applied).isEqualTo(SNAPSHOT_EVERY_ENTRIES - 1);

        handOver(leader, third);
        handOver(third, leader);
        cutOff.clear();

        runUntil(() -> late.applied > SNAPSHOT_EVERY_ENTRIES && late.applied == leader.applied);
        assertThat(late.installed).isZero();
    }

    private void handOver(Node leader, Node next) {
        leader.log.transferLeadership(next.log.self());
        runUntil(next.log::leads);
    }

    /** Cut off when it has just heard an entry, and answered. */
    private void cutOffAnswering(Node late, Node leader) {
        int before = late.applied;
        assertThat(leader.log.append("", new Command.Tick())).isEqualTo(Admission.TAKEN);
        runUntil(() -> late.applied > before);
        cutOff.add(late.log.self());
        runFor(1);
    }

    @Test
    void a_leader_with_old_news_of_a_node_does_not_lose_it() {
        Node leader = elected();
        Endpoint former = otherThan(leader);
        cutOff.add(former);
        Endpoint present = new Endpoint(former.node(), "second");
        Node unused = new Node(present);
        leader.log.onEndpoints(Map.of(former.node(), present));
        runUntil(() -> !leader.log.members().contains(former));
        assertThat(leader.log.voters()).doesNotContain(present);

        leader.log.onEndpoints(Map.of(former.node(), former));
        runFor(5_000);
        leader.log.onEndpoints(Map.of(former.node(), present));

        runUntil(() ->
                leader.log.voters().contains(present) && leader.log.members().size() == 3);
    }

    /** Of so few entries, MicroRaft alone would keep all behind a snapshot. */
    @Test
    void large_entries_do_not_stay_in_the_log_of_any_replica() {
        settings = snapshotsEvery(ENTRIES, 20 * LARGE_BYTES);
        Node leader = elected();
        Node follower = nodes.get(otherThan(leader));
        Node late = nodes.get(othersThan(leader).get(1));
        assertThat(late.applied).isEqualTo(1);

        cutOff.add(late.log.self());
        appendLarge(leader, 100);
        assertThat(leader.snapshots).isEqualTo(5);
        cutOff.clear();
        runUntil(() -> late.installed == 1);

        cutOff.add(late.log.self());
        appendLarge(leader, 100);
        handOver(leader, follower);
        assertThat(follower.snapshots).isEqualTo(leader.snapshots).isEqualTo(10);
        cutOff.clear();
        runUntil(() -> late.installed == 2);
        runFor(500);
        assertThat(late.applied).isLessThan(40);
    }

    /** The second is due since so many entries have come, soon after the first, which was due to their size. */
    @Test
    void two_snapshots_close_to_each_other_leave_no_holes_in_the_log() {
        settings = snapshotsEvery(SNAPSHOT_EVERY_ENTRIES, 6 * LARGE_BYTES);
        Node leader = elected();
        Node follower = nodes.get(otherThan(leader));
        Node late = nodes.get(othersThan(leader).get(1));
        appendLarge(leader, SNAPSHOT_EVERY_ENTRIES - 8);
        runFor(500);

        int installed = late.installed;
        cutOff.add(late.log.self());
        appendLarge(leader, 8);
        assertThat(leader.applied).isGreaterThan(SNAPSHOT_EVERY_ENTRIES);
        handOver(leader, follower);
        cutOff.clear();
        runUntil(() -> late.installed > installed);
        int before = late.applied;
        append(follower);
        runUntil(() -> late.applied > before);
    }

    private void appendLarge(Node leader, int times) {
        Command large = new Command.WriteMetadata(
                new Caller("a session", 1, 1),
                new ChannelKey(ChannelType.MESSAGE, "c"),
                Operation.SET_METADATA,
                List.of(new Metadata.Change("k", "x".repeat(LARGE_BYTES), Metadata.ANY_REVISION)),
                Metadata.ANY_REVISION,
                "",
                0);
        for (int i = 0; i < times; i++) {
            assertThat(leader.log.append("", large)).isEqualTo(Admission.TAKEN);
            runFor(5);
        }
    }

    /** Cut off until the log of the others ends with a snapshot. */
    private Node withoutSnapshot(Node leader) {
        Endpoint late = otherThan(leader);
        cutOff.add(late);
        while (leader.snapshots == 0) {
            append(leader);
        }
        return nodes.get(late);
    }

    private static RaftSettings snapshotsEvery(int entries) {
        return snapshotsEvery(entries, RaftSettings.STANDARD.snapshotEveryBytes());
    }

    private static RaftSettings snapshotsEvery(int entries, int bytes) {
        RaftSettings standard = RaftSettings.STANDARD;
        return new RaftSettings(
                standard.speed(),
                standard.pendingCommandsMax(),
                standard.batchCommandsMax(),
                standard.batchBytesMax(),
                standard.entriesInMessageMax(),
                entries,
                bytes,
                standard.snapshotChunkBytes(),
                standard.learnerLagEntriesMax(),
                standard.stuckMillis());
    }
}
