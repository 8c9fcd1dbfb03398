// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.rtmlocks.telemetry.LogEvent;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What operators did is an event of the log's vocabulary; whatever they named is a value of it, and never part of its text. */
class ActionLogTest {
    private static final String FORGED =
            "c/l\" result=done\n2026-01-01 00:00:00.000 INFO  event=operator-acted who=bob";

    @Test
    void an_action_is_one_event_with_its_values() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(ActionLog.class);
        lines.start();
        log.addAppender(lines);
        log.setLevel(Level.INFO);
        try {
            new ActionLog("n", () -> 1).add("alice", "192.0.2.1", "revoke", FORGED, "no such lock");
        } finally {
            log.detachAppender(lines);
            log.setLevel(null);
        }

        ILoggingEvent line = lines.list.get(0);
        assertThat(lines.list).hasSize(1);
        assertThat(line.getFormattedMessage()).isEqualTo(LogEvent.OPERATOR_ACTED.message());
        assertThat(line.getKeyValuePairs().stream().collect(Collectors.toMap(pair -> pair.key, pair -> pair.value)))
                .isEqualTo(Map.of(
                        "event", "operator-acted",
                        "action", "revoke",
                        "who", "alice",
                        "from", "192.0.2.1",
                        "target", FORGED,
                        "result", "no such lock"));
    }
}
