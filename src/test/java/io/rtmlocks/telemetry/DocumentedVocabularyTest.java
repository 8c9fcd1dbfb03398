// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tables of metrics and of log events in the documentation are what the vocabularies say, row by row. With
 * {@code -Drtm.docs.rewrite=true} they are rewritten, to be reviewed as a diff.
 */
class DocumentedVocabularyTest {
    private static final String RULE = "|---|";

    @Test
    void metrics() throws IOException {
        check(
                "METRICS.md",
                Stream.of(Metric.values()).map(DocumentedVocabularyTest::row).toList(),
                Metric.OF_PROCESS.stream()
                        .map(each -> row("`" + each.text() + "`", each.type(), each.help()))
                        .toList(),
                Stream.of(Label.values()).map(DocumentedVocabularyTest::row).toList());
    }

    @Test
    void log_events() throws IOException {
        check(
                "LOGS.md",
                Stream.of(LogEvent.values())
                        .map(each -> row("`" + each.text() + "`", each.level().toString(), each.message()))
                        .toList());
    }

    private static String row(Metric metric) {
        String labels =
                metric.labels().stream().map(each -> "`" + each.text() + "`").collect(Collectors.joining(" "));
        return row("`" + metric.text() + "`", metric.kind().text(), labels, metric.help());
    }

    private static String row(Label label) {
        String of = Stream.of(Metric.values())
                .filter(metric -> metric.labels().contains(label))
                .map(metric -> "`" + metric.text() + "`")
                .collect(Collectors.joining(" "));
        return row("`" + label.text() + "`", of, String.join(" ", label.words()));
    }

    private static String row(String... cells) {
        return Arrays.stream(cells).collect(Collectors.joining(" | ", "| ", " |"));
    }

    /** The tables of a page, one after the other. */
    @SafeVarargs
    private static void check(String page, List<String>... tables) throws IOException {
        Path file = Path.of("src/docs", page);
        List<String> is = Files.readAllLines(file);
        List<String> shouldBe = new ArrayList<>();
        int table = 0;
        for (String line : is) {
            boolean isRow = line.startsWith("| `");
            if (!isRow) {
                shouldBe.add(line);
            }
            if (line.startsWith(RULE)) {
                shouldBe.addAll(tables[table++]);
            }
        }
        assertThat(table).as("tables in " + file).isEqualTo(tables.length);
        if (Boolean.getBoolean("rtm.docs.rewrite")) {
            Files.write(file, shouldBe);
        } else {
            assertThat(is).as(file + " (-Drtm.docs.rewrite=true rewrites it)").isEqualTo(shouldBe);
        }
    }
}
