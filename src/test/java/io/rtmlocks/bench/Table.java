// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The one table: each goal with what was measured, and under it the absolute figures. */
final class Table {
    private Table() {}

    static String write(Readings readings, Path file) throws IOException {
        List<String> lines = new ArrayList<>(goals(readings));
        lines.add("");
        lines.addAll(figures(readings));
        String text = String.join("\n", lines) + "\n";
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, text);
        return text;
    }

    private static List<String> goals(Readings readings) {
        List<String> lines = new ArrayList<>(List.of("| goal | target | measured | met |", "|---|---|---|---|"));
        for (Goal goal : Goals.ALL) {
            OptionalDouble measured = goal.measured(readings);
            String value =
                    measured.isEmpty() ? "not measured" : String.format(Locale.ROOT, "%.2f", measured.getAsDouble());
            String met = measured.isEmpty() ? "" : goal.isMet(measured.getAsDouble()) ? "yes" : "**no**";
            lines.add("| %s | %s | %s | %s |".formatted(goal.name(), goal.bound(), value, met));
        }
        return lines;
    }

    private static List<String> figures(Readings readings) {
        List<String> lines = new ArrayList<>(List.of("| workload | of | medians over the rounds |", "|---|---|---|"));
        for (String workload : readings.workloads()) {
            for (String target : readings.targets(workload)) {
                lines.add("| %s | %s | %s |".formatted(workload, target, figures(readings, workload, target)));
            }
        }
        return lines;
    }

    private static String figures(Readings readings, String workload, String target) {
        List<String> shown = new ArrayList<>();
        for (Measure measure : Measure.values()) {
            readings.median(workload, target, measure).ifPresent(value -> shown.add(measure.shown(value)));
        }
        String missing = readings.missing(workload, target);
        if (!missing.isEmpty()) {
            shown.add(missing.replace("|", "/"));
        }
        return String.join(", ", shown);
    }
}
