// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.util.ArrayList;
import java.util.List;

/** What a run has measured, as a table, and what it has found. */
final class FaultReport {

    private static final int FINDING_CHARS_MAX = 4_000;

    final List<Long> failOvers = new ArrayList<>();
    final List<Long> majorityServes = new ArrayList<>();
    final List<Long> minorityRefuses = new ArrayList<>();
    int rollingLocksLost;
    int rollingDefiniteErrors;

    private final List<String> findings = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    /** Adds a line of things that must not be. */
    void none(String what, List<String> found) {
        line(what, String.valueOf(found.size()), "0");
        findings.addAll(found);
    }

    void figures() {
        line("fail-over after SIGKILL, max of " + failOvers.size(), millis(failOvers, 1), "4000 ms");
        line("fail-over after SIGKILL, median", millis(failOvers, 0.5), "1500 ms");
        line("cut: the majority serves, max of " + majorityServes.size(), millis(majorityServes, 1), "5000 ms");
        line("cut: the minority refuses, max of " + minorityRefuses.size(), millis(minorityRefuses, 1), "4000 ms");
        line("rolling restart: locks lost", String.valueOf(rollingLocksLost), "0");
        line("rolling restart: definite errors", String.valueOf(rollingDefiniteErrors), "0");
    }

    void line(String what, String measured, String target) {
        lines.add("%-46s %12s   %s".formatted(what, measured, target));
    }

    private static String millis(List<Long> values, double share) {
        if (values.isEmpty()) {
            return "-";
        }
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1) + " ms";
    }

    String table() {
        return "%-46s %12s   %s%n%s".formatted("", "measured", "target", String.join(System.lineSeparator(), lines));
    }

    /** In full, however long. */
    List<String> findings() {
        return List.copyOf(findings);
    }

    List<String> findingsInShort() {
        return findings.stream()
                .map(each -> each.length() <= FINDING_CHARS_MAX ? each : each.substring(0, FINDING_CHARS_MAX) + "…")
                .toList();
    }
}
