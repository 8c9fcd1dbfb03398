// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** All readings, and what follows from them: medians, and medians of the ratios within rounds. */
final class Readings {
    private final List<Reading> all = new ArrayList<>();

    static Readings load(Path file) throws IOException {
        Readings readings = new Readings();
        if (Files.exists(file)) {
            Files.readAllLines(file).stream().map(Reading::parse).forEach(readings::add);
        }
        return readings;
    }

    void save(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, all.stream().map(Reading::line).toList());
    }

    void add(Reading reading) {
        all.add(reading);
    }

    /** Forgets what an earlier run measured with this workload. */
    void forget(String workload) {
        all.removeIf(reading -> reading.workload().equals(workload));
    }

    Set<String> workloads() {
        Set<String> names = new TreeSet<>();
        all.forEach(reading -> names.add(reading.workload()));
        return names;
    }

    Set<String> targets(String workload) {
        Set<String> names = new java.util.LinkedHashSet<>();
        all.stream()
                .filter(reading -> reading.workload().equals(workload))
                .forEach(reading -> names.add(reading.target()));
        return names;
    }

    /** @return why there are no values, or an empty string */
    String missing(String workload, String target) {
        return all.stream()
                .filter(reading ->
                        reading.workload().equals(workload) && reading.target().equals(target))
                .map(Reading::missing)
                .filter(why -> !why.isEmpty())
                .findFirst()
                .orElse("");
    }

    OptionalDouble median(String workload, String target, Measure measure) {
        return median(all.stream()
                .filter(reading ->
                        reading.workload().equals(workload) && reading.target().equals(target))
                .filter(reading -> reading.values().containsKey(measure))
                .map(reading -> reading.values().get(measure))
                .toList());
    }

    /** The median of what {@code of} makes of each round; rounds that lack a value (NaN) do not count. */
    OptionalDouble medianOverRounds(ToDoubleFunction<Round> of) {
        Set<Integer> rounds = new TreeSet<>();
        all.forEach(reading -> rounds.add(reading.round()));
        return median(rounds.stream()
                .map(round -> of.applyAsDouble(new Round(round)))
                .filter(value -> !value.isNaN())
                .toList());
    }

    static OptionalDouble median(List<Double> values) {
        if (values.isEmpty()) {
            return OptionalDouble.empty();
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return OptionalDouble.of(
                sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
    }

    /** The readings of one round. */
    final class Round {
        private final int number;

        private Round(int number) {
            this.number = number;
        }

        /** @return NaN when it was not measured */
        double value(String workload, String target, Measure measure) {
            return all.stream()
                    .filter(reading ->
                            reading.round() == number && reading.workload().equals(workload))
                    .filter(reading ->
                            reading.target().equals(target) && reading.values().containsKey(measure))
                    .mapToDouble(reading -> reading.values().get(measure))
                    .findFirst()
                    .orElse(Double.NaN);
        }
    }
}
