// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.gateway.RunningNode;
import io.rtmlocks.gateway.TestClient;
import io.rtmlocks.telemetry.Label;
import io.rtmlocks.telemetry.Metric;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** After a day's work on a real node, what it tells is what the vocabulary says: no name, type, label or value more or less. */
class ScrapeTest {
    /** Told once the collector of this Java has done such a thing. */
    private static final Set<String> SOMETIMES = Set.of("jvm_gc_concurrent_phase_time_seconds", "jvm_gc_pause_seconds");

    private static final Pattern LABELS = Pattern.compile("(\\w+)\\{(.*)}");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\",?");
    private static final String FOREIGN = "zebra";

    private static RunningNode node;
    private static Scrape scrape;

    @BeforeAll
    static void work() {
        node = RunningNode.with("limits.acquirePerSecond", "3");
        TestClient one = node.login(FOREIGN + "-user");
        TestClient two = node.login("two");
        String channel = FOREIGN + "-channel";
        two.subscribe();
        for (TestClient each : new TestClient[] {one, two}) {
            each.succeed("subscribe", "channel", channel, "withLock", true, "withQueue", true, "withStorage", true);
        }
        one.call("acquireLock", "channel", channel, "lockName", FOREIGN, "create", true);
        long waits = two.send("acquireLock", "channel", channel, "lockName", FOREIGN, "retry", true);
        two.sync();
        one.call("setChannelMetadata", "channel", channel, "data", metadata());
        one.call("releaseLock", "channel", channel, "lockName", FOREIGN);
        two.reply(waits);
        for (int i = 0; i < 10; i++) {
            one.call("acquireLock", "channel", channel, "lockName", FOREIGN);
        }
        one.call(FOREIGN + "-op", "channel", channel);
        one.call("getLock", "channel", FOREIGN + "\n{}\"");
        two.close(1000);
        System.gc();
        scrape = Scrape.of(node.node().managementPort());
    }

    private static JsonArray metadata() {
        return new JsonArray().add(new JsonObject().put("key", FOREIGN).put("value", FOREIGN));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void names_and_types_are_those_of_the_vocabulary() {
        Map<String, String> expected = new TreeMap<>();
        for (Metric metric : Metric.values()) {
            expect(expected, metric.text(), metric.kind().text());
        }
        Metric.OF_PROCESS.forEach(each -> expect(expected, each.text(), each.type()));
        Map<String, String> told = new TreeMap<>(scrape.types());
        for (String each : SOMETIMES) {
            if (!told.containsKey(each)) {
                expected.keySet().removeAll(Set.of(each, each + "_max"));
            }
        }
        assertThat(told).isEqualTo(expected);
    }

    private static void expect(Map<String, String> expected, String name, String type) {
        expected.put(name, type);
        if (type.equals("histogram") || type.equals("summary")) {
            expected.put(name + "_max", "gauge");
        }
    }

    @Test
    void helps_are_those_of_the_vocabulary() {
        for (Metric metric : Metric.values()) {
            assertThat(scrape.text()).contains("# HELP " + metric.text() + " " + metric.help() + "\n");
        }
    }

    @Test
    void every_label_and_its_value_is_in_the_vocabulary() {
        Map<String, Metric> metrics = new HashMap<>();
        for (Metric metric : Metric.values()) {
            for (String ending : new String[] {"", "_bucket", "_count", "_sum", "_max"}) {
                metrics.put(metric.text() + ending, metric);
            }
        }
        for (String series : scrape.series().keySet()) {
            Matcher labelled = LABELS.matcher(series);
            if (labelled.matches() && series.startsWith("rtm_")) {
                Metric metric = metrics.get(labelled.group(1));
                assertThat(metric).as(series).isNotNull();
                expectLabels(series, metric, labelled.group(2));
            }
        }
    }

    private static void expectLabels(String series, Metric metric, String labels) {
        Map<String, Label> known = metric.labels().stream().collect(Collectors.toMap(Label::text, label -> label));
        Matcher label = LABEL.matcher(labels);
        while (label.find()) {
            if (!label.group(1).equals("le")) {
                assertThat(known).as(series).containsKey(label.group(1));
                assertThat(known.get(label.group(1)).words()).as(series).contains(label.group(2));
            }
        }
    }

    @Test
    void no_word_of_a_client_is_in_it() {
        assertThat(scrape.text()).doesNotContain(FOREIGN);
    }

    @Test
    void there_are_about_as_many_series_as_the_page_says() {
        assertThat(scrape.series()).hasSizeBetween(400, 900);
    }
}
