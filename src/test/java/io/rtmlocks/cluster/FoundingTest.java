// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** However nodes come, go and lose their memory: at rest all live by one charter, and it stays while a majority remembers it. */
class FoundingTest {

    private static final int SIZE = 3;
    private static final List<String> NAMES = List.of("a", "b", "c");

    private final Map<String, Founding> nodes = new LinkedHashMap<>();
    private final Map<String, Integer> lives = new HashMap<>();
    private long nowMillis;
    private int drawnUp;

    private void start(String name) {
        Member self = new Member(name, "life" + lives.merge(name, 1, Integer::sum));
        nodes.put(name, new Founding(self, SIZE, () -> "charter" + ++drawnUp));
    }

    private List<Member> present() {
        return nodes.values().stream().map(node -> node.report().member()).toList();
    }

    /** A founder's replicas count at once, those of a node that joins a while later. */
    private boolean isRooted(Founding node) {
        Charter charter = node.charter();
        return charter != null && charter.founders().contains(node.report().member());
    }

    private void round(SplittableRandom random, double lost) {
        nowMillis += 500;
        nodes.values().forEach(node -> node.onMembers(present()));
        for (Founding from : nodes.values()) {
            for (Founding to : nodes.values()) {
                if (random.nextDouble() >= lost) {
                    to.onReport(from.report());
                }
            }
        }
        nodes.values().forEach(node -> node.onTick(nowMillis, isRooted(node)));
    }

    private void settle() {
        for (int i = 0; i < 120; i++) {
            round(new SplittableRandom(1), 0);
        }
    }

    private Set<String> charters() {
        return nodes.values().stream()
                .map(node -> node.charter() == null ? "none" : node.charter().id())
                .collect(Collectors.toSet());
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
        assertThat(Objects.requireNonNull(nodes.get("c").charter()).founders()).hasSize(SIZE);
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
        assertThat(Objects.requireNonNull(nodes.get("c").charter()).founders()).isEqualTo(present());
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
                    start(new ArrayList<>(NAMES).get(random.nextInt(SIZE)));
                }
            }
            settle();
            assertThat(charters()).as("seed " + seed).hasSize(1).doesNotContain("none");
        }
    }
}
