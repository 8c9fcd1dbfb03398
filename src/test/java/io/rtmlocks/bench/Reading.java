// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one window of one round measured. A line of text holds it, so that runs of some workloads can be put together.
 *
 * @param missing why there is nothing, else empty
 */
record Reading(String workload, String target, int round, Map<Measure, Double> values, String missing) {

    static Reading of(String workload, String target, int round, Map<Measure, Double> values) {
        return new Reading(workload, target, round, Map.copyOf(values), "");
    }

    static Reading missing(String workload, String target, String why) {
        return new Reading(workload, target, 0, Map.of(), why.replaceAll("[\\t\\r\\n]+", " "));
    }

    String line() {
        String all = new TreeMap<>(values)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(" "));
        return String.join("\t", workload, target, String.valueOf(round), all, missing);
    }

    /** @throws IllegalArgumentException when the line is none of {@link #line()} */
    static Reading parse(String line) {
        List<String> parts = Arrays.asList(line.split("\t", -1));
        if (parts.size() != 5) {
            throw new IllegalArgumentException("not a reading: " + line);
        }
        Map<Measure, Double> values = new EnumMap<>(Measure.class);
        for (String pair : parts.get(3).isEmpty() ? new String[0] : parts.get(3).split(" ")) {
            String[] sides = pair.split("=");
            values.put(Measure.valueOf(sides[0]), Double.valueOf(sides[1]));
        }
        return new Reading(parts.get(0), parts.get(1), Integer.parseInt(parts.get(2)), values, parts.get(4));
    }
}
