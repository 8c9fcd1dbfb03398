// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The yardstick: runs the workloads, keeps the readings in {@code target/bench/readings.tsv}, and prints the table that follows
 * from all of them. See src/docs/PERFORMANCE.md.
 *
 * <pre>Bench [fast|full|table] [only=WORKLOAD,…] [targets=TARGET,…] [rounds=N] [seconds=S] [out=DIRECTORY] [NAME=JAR …]</pre>
 *
 * {@code own=JAR} says which jar the service is (target/rtm-locks.jar if not said). Any other NAME adds one to compare with, as
 * NAME (one node), NAME-3 (three processes) and NAME-dev3 (three nodes in a process). A class path will do for a jar.
 */
public final class Bench {

    /** How long and how often. Windows that warm up are thrown away; there are so many at most, until a target gets no faster. */
    record Pace(
            int rounds, double seconds, int warmUpsMax, double warmUpSeconds, double breakInSeconds, int breakInsMax) {
        static final Pace FAST = new Pace(3, 2, 1, 2, 10, 1);
        static final Pace FULL = new Pace(5, 4, 5, 4, 10, 10);
    }

    private final Map<String, String> options = new LinkedHashMap<>();
    private final Map<String, String> jars = new LinkedHashMap<>(Map.of("own", "target/rtm-locks.jar"));
    private Pace pace = Pace.FAST;
    private boolean tableOnly;

    private Bench(String[] arguments) {
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                mode(argument);
            } else if (List.of("only", "targets", "rounds", "seconds", "out").contains(argument.substring(0, equals))) {
                options.put(argument.substring(0, equals), argument.substring(equals + 1));
            } else {
                jars.put(argument.substring(0, equals), argument.substring(equals + 1));
            }
        }
        pace = new Pace(
                Integer.parseInt(options.getOrDefault("rounds", String.valueOf(pace.rounds()))),
                Double.parseDouble(options.getOrDefault("seconds", String.valueOf(pace.seconds()))),
                pace.warmUpsMax(),
                pace.warmUpSeconds(),
                pace.breakInSeconds(),
                pace.breakInsMax());
    }

    private void mode(String word) {
        switch (word) {
            case "fast" -> pace = Pace.FAST;
            case "full" -> pace = Pace.FULL;
            case "table" -> tableOnly = true;
            default -> throw new IllegalArgumentException(word + ": neither fast, full, table nor NAME=VALUE");
        }
    }

    public static void main(String[] arguments) throws Exception {
        new Bench(arguments).run();
        System.exit(0);
    }

    private void run() throws Exception {
        Path directory = Path.of(options.getOrDefault("out", "target/bench"));
        Readings readings = Readings.load(directory.resolve("readings.tsv"));
        if (!tableOnly) {
            measure(readings, directory);
        }
        System.out.println(Table.write(readings, directory.resolve("table.md")));
    }

    private void measure(Readings readings, Path directory) throws Exception {
        Catalogue catalogue = new Catalogue(jars);
        List<String> only = wanted("only");
        catalogue.checkNames(only, wanted("targets"));
        try (Stage stage = new Stage()) {
            Rounds rounds = new Rounds(stage, pace, readings);
            for (Workload workload : catalogue.workloads()) {
                if (only.isEmpty() || only.contains(workload.name())) {
                    rounds.run(workload, catalogue.targets(workload, wanted("targets")));
                    readings.save(directory.resolve("readings.tsv"));
                }
            }
        }
    }

    private List<String> wanted(String option) {
        return options.containsKey(option) ? Arrays.asList(options.get(option).split(",")) : List.of();
    }
}
