// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Of members with one name the first takes part; that there are two is said once. */
class NamesakesTest {

    private static final Member A = new Member("a", "1");
    private static final Member B = new Member("b", "1");
    private static final Member ANOTHER_A = new Member("a", "2");

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Namesakes namesakes = new Namesakes(member -> "place " + member.incarnation());

    @BeforeEach
    void listen() {
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void end() {
        logger().detachAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(Namesakes.class);
    }

    @Test
    void different_names_takePart() {
        assertThat(namesakes.takingPart(List.of(A, B))).containsExactly(A, B);
        assertThat(log.list).isEmpty();
    }

    @Test
    void second_of_a_name_takesNoPart_andIsSaidOnce() {
        assertThat(namesakes.takingPart(List.of(A, B, ANOTHER_A))).containsExactly(A, B);
        assertThat(namesakes.takingPart(List.of(A, ANOTHER_A))).containsExactly(A);

        assertThat(log.list)
                .singleElement()
                .satisfies(each -> assertThat(each.getFormattedMessage() + each.getKeyValuePairs())
                        .contains("node.name", "node=\"a\"", "at=\"place 1\"", "ignoredAt=\"place 2\""));
    }

    @Test
    void second_of_a_name_takesPart_whenTheFirstIsGone() {
        var unused = namesakes.takingPart(List.of(A, ANOTHER_A, B));

        assertThat(namesakes.takingPart(List.of(ANOTHER_A, B))).containsExactly(ANOTHER_A, B);
    }
}
