// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.rtmlocks.cluster.Charter;
import io.rtmlocks.cluster.Member;
import io.rtmlocks.ops.Readiness;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A node of a cluster says why it does not serve: to who asks at once, in the log when it lasts. */
class ClusterReadinessTest {

    private static final long LOOK_MILLIS = 250;
    private static final Charter CHARTER = new Charter("c", List.of(new Member("a", "1"), new Member("b", "1")));
    private static final ClusterReadiness.Seen WELL = new ClusterReadiness.Seen(true, List.of(CHARTER), true, 0);
    private static final ClusterReadiness.Seen ALONE = new ClusterReadiness.Seen(false, List.of(CHARTER), true, 0);

    private final ClusterReadiness founder = new ClusterReadiness(new Member("a", "2"));
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ClusterReadiness.class);
    private final ch.qos.logback.classic.Level before = logger.getLevel();

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(ch.qos.logback.classic.Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(log);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(before);
    }

    @Test
    void each_reason_has_its_sentence() {
        assertThat(why(founder, ALONE)).isEqualTo("no majority of the cluster is there");
        assertThat(why(founder, new ClusterReadiness.Seen(true, List.of(), true, 0)))
                .isEqualTo("waiting for the other nodes");
        assertThat(why(founder, new ClusterReadiness.Seen(true, List.of(CHARTER), false, 0)))
                .isEqualTo("catching up with the other nodes");
        assertThat(why(founder, new ClusterReadiness.Seen(true, List.of(CHARTER), true, 3)))
                .isEqualTo("3 shards have no leader now");
        assertThat(founder.judge(WELL, LOOK_MILLIS)).isEqualTo(Readiness.State.SERVING);
    }

    @Test
    void a_node_without_replicas_has_none_to_wait_for() {
        ClusterReadiness other = new ClusterReadiness(new Member("z", "1"));
        assertThat(other.judge(new ClusterReadiness.Seen(true, List.of(CHARTER), false, 0), LOOK_MILLIS)
                        .serves())
                .isTrue();
    }

    @Test
    void what_is_over_soon_is_not_logged() {
        look(ALONE, ClusterReadiness.FIRST_AFTER_MILLIS - LOOK_MILLIS);
        look(WELL, LOOK_MILLIS);
        assertThat(log.list).isEmpty();
    }

    @Test
    void what_lasts_is_logged_now_and_then_and_so_is_its_end() {
        look(ALONE, ClusterReadiness.FIRST_AFTER_MILLIS + ClusterReadiness.AGAIN_AFTER_MILLIS);
        look(WELL, 2 * LOOK_MILLIS);
        look(ALONE, ClusterReadiness.FIRST_AFTER_MILLIS);

        assertThat(lines())
                .containsExactly(
                        "node-not-ready why=no majority of the cluster is there forMs=3000",
                        "node-not-ready why=no majority of the cluster is there forMs=13000",
                        "node-serves-again afterMs=13000",
                        "node-not-ready why=no majority of the cluster is there forMs=3000");
    }

    private void look(ClusterReadiness.Seen seen, long forMillis) {
        for (long millis = 0; millis < forMillis; millis += LOOK_MILLIS) {
            founder.judge(seen, LOOK_MILLIS);
        }
    }

    private static String why(ClusterReadiness readiness, ClusterReadiness.Seen seen) {
        return readiness.judge(seen, LOOK_MILLIS).why();
    }

    private List<String> lines() {
        return log.list.stream()
                .map(event -> event.getKeyValuePairs().stream()
                        .map(pair ->
                                pair.key.equals("event") ? String.valueOf(pair.value) : pair.key + '=' + pair.value)
                        .reduce("", (line, word) -> line.isEmpty() ? word : line + ' ' + word))
                .toList();
    }
}
