// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * However nodes come, go and lose their memory: at rest all live by one charter in each shard, and it stays while most replicas of
 * the shard remember it.
 */
class FoundingTest {

    private static final int SIZE = 3;
    private static final int SHARDS = 3;
    private static final List<String> NAMES = List.of("a", "b", "c");

    private final Map<String, Foundings> nodes = new LinkedHashMap<>();

    /** Replicas that started again, though their nodes did not. */
    private final Map<Foundings, BitSet> restarted = new HashMap<>();

    private final Map<String, Integer> lives = new HashMap<>();
    private long nowMillis;
    private int drawnUp;

    private void start(String name) {
        Member self = new Member(name, "life" + lives.merge(name, 1, Integer::sum));
        nodes.put(name, new Foundings(self, SIZE, SHARDS, () -> "charter" + ++drawnUp));
    }

    private List<Member> present() {
        return nodes.values().stream().map(node -> node.report(false).member()).toList();
    }

    private void restartReplica(String name, int shard) {
        restarted.computeIfAbsent(node(name), none -> new BitSet()).set(shard);
    }

    private Foundings node(String name) {
        return Objects.requireNonNull(nodes.get(name));
    }

    /** A founder's replicas count at once, those that start again when a leader of most others has brought them in. */
    private BitSet voting(Foundings node) {
        BitSet voting = new BitSet();
        node.charters().forEach((shard, charter) -> voting.set(shard, votes(node, shard, charter)));
        return voting;
    }

    private boolean votes(Foundings node, int shard, Charter charter) {
        boolean isAsItBegan = !restarted.getOrDefault(node, new BitSet()).get(shard);
        return charter.founders().contains(node.report(false).member()) && isAsItBegan;
    }

    private void tick(Foundings node) {
        Map<Integer, Charter> before = node.charters();
        node.onTick(nowMillis, voting(node));
        node.charters().forEach((shard, charter) -> {
            if (!charter.equals(before.get(shard))) {
                restarted.getOrDefault(node, new BitSet()).clear(shard);
            }
        });
    }

    private void round(SplittableRandom random, double lost) {
        nowMillis += 500;
        nodes.values().forEach(node -> node.onMembers(present()));
        for (Foundings from : nodes.values()) {
            for (Foundings to : nodes.values()) {
                if (random.nextDouble() >= lost) {
                    to.onReport(from.report(false));
                }
            }
        }
        nodes.values().forEach(this::tick);
    }

    private void settle() {
        for (int i = 0; i < 120; i++) {
            round(new SplittableRandom(1), 0);
        }
    }

    private Set<String> charters() {
        return IntStream.range(0, SHARDS)
                .mapToObj(this::charters)
                .flatMap(Set::stream)
                .collect(Collectors.toSet());
    }

    private Set<String> charters(int shard) {
        return nodes.values().stream()
                .map(node -> node.charters().get(shard))
                .map(charter -> charter == null ? "none" : charter.id())
                .collect(Collectors.toSet());
    }

    private List<Member> foundersOf(int shard) {
        return Objects.requireNonNull(node("c").charters().get(shard)).founders();
    }

    @Test
    void nothing_begins_before_all_are_there() {
        start("a");
        start("b");
        settle();
        assertThat(charters()).containsExactly("none");

        start("c");
        settle();
        assertThat(charters()).containsExactly("charter1");
        assertThat(foundersOf(0)).hasSize(SIZE);
    }

    @Test
    void a_node_that_comes_back_joins_those_who_remember() {
        NAMES.forEach(this::start);
        settle();
        start("a");
        settle();
        assertThat(charters()).containsExactly("charter1");
    }

    @Test
    void all_that_come_back_without_memory_begin_anew() {
        NAMES.forEach(this::start);
        settle();
        NAMES.forEach(this::start);
        settle();
        assertThat(charters()).containsExactly("charter2");
    }

    @Test
    void when_most_have_lost_their_memory_all_begin_anew() {
        NAMES.forEach(this::start);
        settle();
        start("a");
        start("b");
        settle();
        assertThat(charters()).containsExactly("charter2");
        assertThat(foundersOf(0)).isEqualTo(present());
    }

    @Test
    void shard_that_has_lost_most_of_its_replicas_begins_anew_alone() {
        NAMES.forEach(this::start);
        settle();
        restartReplica("a", 1);
        restartReplica("b", 1);
        settle();
        assertThat(charters(1)).containsExactly("charter2");
        assertThat(charters(0)).containsExactly("charter1");
        assertThat(charters(2)).containsExactly("charter1");
    }

    /** No node has all its replicas as they began, and no shard has lost most of them. */
    @Test
    void shards_that_have_lost_one_replica_each_go_on() {
        NAMES.forEach(this::start);
        settle();
        restartReplica("a", 0);
        restartReplica("b", 1);
        restartReplica("c", 2);
        settle();
        assertThat(charters()).containsExactly("charter1");
    }

    @Test
    void lost_shard_waits_for_the_nodes_that_are_not_there() {
        NAMES.forEach(this::start);
        settle();
        restartReplica("a", 1);
        restartReplica("b", 1);
        nodes.remove("c");
        settle();
        assertThat(charters()).containsExactly("charter1");

        start("c");
        settle();
        assertThat(charters(1)).containsExactly("charter2");
        assertThat(charters(0)).containsExactly("charter1");
    }

    @Test
    void report_arrives_as_it_was_sent() throws Exception {
        NAMES.forEach(this::start);
        settle();
        restartReplica("a", 1);
        restartReplica("b", 1);
        settle();
        Report report = node("a").report(false);
        assertThat(Report.decode(report.encode())).isEqualTo(report);
        Report first = new Foundings(new Member("d", "life1"), SIZE, SHARDS, () -> "").report(false);
        assertThat(Report.decode(first.encode())).isEqualTo(first);
    }

    @Test
    void one_that_is_left_alone_keeps_its_charter() {
        NAMES.forEach(this::start);
        settle();
        nodes.remove("a");
        nodes.remove("b");
        settle();
        assertThat(charters()).containsExactly("charter1");
    }

    @Test
    void reports_that_are_lost_and_nodes_that_come_and_go_leave_one_charter_in_the_end() {
        for (long seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            nodes.clear();
            NAMES.forEach(this::start);
            for (int i = 0; i < 50; i++) {
                round(random, 0.5);
                if (random.nextInt(10) == 0) {
                    start(NAMES.get(random.nextInt(SIZE)));
                }
                if (random.nextInt(10) == 0) {
                    restartReplica(NAMES.get(random.nextInt(SIZE)), random.nextInt(SHARDS));
                }
            }
            settle();
            for (int shard = 0; shard < SHARDS; shard++) {
                assertThat(charters(shard)).as("seed " + seed).hasSize(1).doesNotContain("none");
            }
        }
    }
}
