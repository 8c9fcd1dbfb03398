// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.spi.LoggingEventBuilder;

/** A log line is one line, whatever is in it, and programs read the very values that were logged. */
class LogLinesTest {
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    private final Logger log = new LoggerContext().getLogger("io.rtmlocks.Some");

    LogLinesTest() {
        appender.start();
        log.addAppender(appender);
        log.setLevel(Level.DEBUG);
    }

    static Stream<String> forgeries() {
        return Stream.of(
                "a\n2026-01-01 00:00:00.000 ERROR forged",
                "a\r\nb",
                "\u001b[2K\u001b[1Gforged",
                "a\u2028b\u2029c\u0085d\u000be\u0000f",
                "\u202egnirts\u2066",
                "\"}\n{\"level\":\"ERROR\"}",
                "back\\slash \"quotes\" tab\there",
                "\ud800 alone",
                "a=b event=forged",
                "\udb40\udc41 tag");
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void whatever_is_in_a_value_a_message_or_an_error_the_line_is_one(String forged) {
        ILoggingEvent event = logged(log.atInfo()
                .setMessage(forged)
                .addKeyValue("channel", forged)
                .setCause(new IllegalStateException(forged)));

        String json = LogLines.json(event);
        expectHarmless(json);
        assertThat(json.lines()).hasSize(1);
        JsonObject read = new JsonObject(json);
        assertThat(read.getString("message")).isEqualTo(forged);
        assertThat(read.getString("channel")).isEqualTo(forged);
        assertThat(read.getString("error")).contains(forged);
        assertThat(read.getString("level")).isEqualTo("INFO");

        String text = LogLines.text(event);
        expectHarmless(text);
        assertThat(text.lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("  | "));
        assertThat(text.lines().findFirst().orElseThrow()).matches("\\d{4}-\\S+ \\S+ INFO  .* channel=\".*\"");
    }

    private static void expectHarmless(String lines) {
        assertThat(lines.chars().filter(each -> Character.isISOControl(each) && each != '\n'))
                .isEmpty();
        assertThat(lines).doesNotContain("\u2028", "\u2029", "\u202e", "\u2066", "\ud800", "\udb40");
        assertThat(lines).endsWith("\n");
    }

    @Test
    void people_read_the_sentence_first_and_programs_read_numbers_as_numbers() {
        ILoggingEvent event = logged(LogEvent.NODE_SERVES
                .on(log)
                .addKeyValue("node", "eu-1")
                .addKeyValue("port", 8080)
                .addKeyValue("load", Double.NaN)
                .addKeyValue("user", "Zoë 🦊"));

        assertThat(LogLines.text(event))
                .endsWith(
                        " INFO  the node serves clients event=node-serves node=eu-1 port=8080 load=NaN user=\"Zoë 🦊\"\n");
        assertThat(LogLines.json(event))
                .matches("\\{\"time\":\"[0-9T:.-]+Z\",\"level\":\"INFO\",\"event\":\"node-serves\",\"node\":\"eu-1\","
                        + "\"port\":8080,\"load\":\"NaN\",\"user\":\"Zoë 🦊\",\"message\":\"the node serves clients\","
                        + "\"logger\":\"io.rtmlocks.Some\"}\n");
    }

    @Test
    void line_of_a_library_names_it() {
        ILoggingEvent event = logged(log.atWarn().setMessage("careful: {}").addArgument("a\nb"));

        assertThat(LogLines.text(event)).endsWith(" WARN  Some: careful: a\\nb\n");
    }

    @Test
    void every_event_has_its_level_and_a_name_that_is_only_its_own() {
        List<LogEvent> all = List.of(LogEvent.values());
        for (LogEvent each : all) {
            ILoggingEvent event = logged(each.on(log));
            assertThat(event.getLevel().toString()).isEqualTo(each.level().toString());
            assertThat(new JsonObject(LogLines.json(event)).getString("event")).isEqualTo(each.text());
        }
        assertThat(all.stream().map(LogEvent::text)).doesNotHaveDuplicates().allMatch(text -> text.matches("[a-z-]+"));
    }

    private ILoggingEvent logged(LoggingEventBuilder builder) {
        appender.list.clear();
        builder.log();
        return appender.list.get(0);
    }
}
