// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The dashboard and the alerts ask for what nodes tell, and every alert says what to do. */
class AlertsTest {
    private static final Pattern NAME = Pattern.compile("\\b(?:rtm|jvm|process|system)_\\w+");
    private static final Pattern SELECTOR = Pattern.compile("(\\w+)\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final List<String> OF_PROMETHEUS = List.of("job", "instance", "area");

    @Test
    void every_alert_asks_for_metrics_and_labels_that_there_are() throws IOException {
        for (Map<String, Object> rule : rules()) {
            String expr = (String) rule.get("expr");
            assertThat(mistakes(expr)).as("%s: %s", rule.get("alert"), expr).isEmpty();
            assertThat(expr.contains("up{") || NAME.matcher(expr).find()).isTrue();
        }
    }

    @Test
    void every_alert_has_a_severity_and_a_summary_and_a_name_of_its_own() throws IOException {
        assertThat(rules()).hasSizeGreaterThan(10).allSatisfy(rule -> {
            assertThat(((Map<?, ?>) rule.get("labels")).get("severity")).isIn("page", "ticket");
            assertThat((String) ((Map<?, ?>) rule.get("annotations")).get("summary"))
                    .contains("$labels.instance");
        });
        assertThat(names()).doesNotHaveDuplicates().allMatch(name -> name.matches("Rtm[A-Za-z]+"));
    }

    @Test
    void every_alert_has_its_section_and_every_section_its_alert() throws IOException {
        List<String> page = Files.readAllLines(Path.of("src/docs/ALERTS.md"));
        assertThat(page.stream().filter(line -> line.startsWith("## ")).map(line -> line.substring(3)))
                .isEqualTo(names());
        assertThat(page.stream()
                        .flatMap(line -> Pattern.compile("\\]\\(#(\\w+)\\)")
                                .matcher(line)
                                .results())
                        .map(link -> link.group(1)))
                .isSubsetOf(names().stream().map(String::toLowerCase).toList());
    }

    @Test
    void every_panel_asks_for_metrics_and_labels_that_there_are() throws IOException {
        JsonObject dashboard = new JsonObject(Files.readString(Path.of("conf/grafana-dashboard.json")));
        assertThat(dashboard.getString("title")).isNotBlank();
        assertThat(dashboard.getInteger("schemaVersion")).isPositive();
        List<String> asked = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        for (Object each : dashboard.getJsonArray("panels")) {
            JsonObject panel = (JsonObject) each;
            ids.add(panel.getInteger("id"));
            assertThat(panel.getJsonObject("gridPos").fieldNames()).containsExactlyInAnyOrder("h", "w", "x", "y");
            if (!panel.getString("type").equals("row")) {
                assertThat(panel.getJsonArray("targets")).isNotEmpty();
                panel.getJsonArray("targets").forEach(target -> {
                    String expr = ((JsonObject) target).getString("expr");
                    assertThat(mistakes(expr))
                            .as("%s: %s", panel.getString("title"), expr)
                            .isEmpty();
                    asked.add(expr);
                });
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
        String all = String.join("\n", asked);
        assertThat(Stream.of(Metric.values()).map(Metric::text).filter(name -> !all.contains(name)))
                .as("metrics on no panel")
                .isEmpty();
    }

    @Test
    void mistakes_are_found() {
        assertThat(mistakes("rtm_nodez > 0")).containsExactly("rtm_nodez");
        assertThat(mistakes("rate(rtm_frames_total_sum[5m])")).containsExactly("rtm_frames_total_sum");
        assertThat(mistakes("rtm_refusals_total{limit=\"connection\"}")).containsExactly("limit=connection");
        assertThat(mistakes("rtm_refusals_total{result=\"new\"}")).containsExactly("result=new");
        assertThat(mistakes("rate(rtm_command_seconds_bucket{op=\"getLock\",instance=~\"$instance\"}[5m])"))
                .isEmpty();
    }

    /** Names of metrics that nodes do not tell, and labels that those have not, or not with this value. */
    private static List<String> mistakes(String expr) {
        Map<String, List<Label>> told = told();
        List<String> mistakes = new ArrayList<>(NAME.matcher(expr)
                .results()
                .map(MatchResult::group)
                .filter(name -> !told.containsKey(name))
                .toList());
        Matcher selector = SELECTOR.matcher(expr);
        while (selector.find()) {
            List<Label> labels = told.getOrDefault(selector.group(1), List.of());
            MATCHER.matcher(selector.group(2)).results().forEach(each -> {
                if (!OF_PROMETHEUS.contains(each.group(1)) && !isKnown(labels, each.group(1), each.group(2))) {
                    mistakes.add(each.group(1) + "=" + each.group(2));
                }
            });
        }
        return mistakes;
    }

    private static boolean isKnown(List<Label> labels, String name, String values) {
        return labels.stream()
                .filter(label -> label.text().equals(name))
                .anyMatch(label -> label.words().containsAll(List.of(values.split("\\|"))));
    }

    /** Every name that a query can have, with its labels. */
    private static Map<String, List<Label>> told() {
        Map<String, List<Label>> told = new HashMap<>();
        for (Metric metric : Metric.values()) {
            if (metric.kind().isHistogram()) {
                Stream.of("_bucket", "_count", "_sum", "_max")
                        .forEach(ending -> told.put(metric.text() + ending, metric.labels()));
            } else {
                told.put(metric.text(), metric.labels());
            }
        }
        for (Metric.OfProcess each : Metric.OF_PROCESS) {
            if (each.type().equals("summary")) {
                Stream.of("_count", "_sum", "_max").forEach(ending -> told.put(each.text() + ending, List.of()));
            } else {
                told.put(each.text(), List.of());
            }
        }
        return told;
    }

    private static List<String> names() throws IOException {
        return rules().stream().map(rule -> (String) rule.get("alert")).toList();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rules() throws IOException {
        Map<String, Object> file = new Yaml(new SafeConstructor(new LoaderOptions()))
                .load(Files.readString(Path.of("conf/prometheus-alerts.yml")));
        return ((List<Map<String, Object>>) file.get("groups"))
                .stream()
                        .flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream())
                        .toList();
    }
}
