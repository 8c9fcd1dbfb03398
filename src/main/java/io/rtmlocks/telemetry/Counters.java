// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import io.micrometer.core.instrument.Counter;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** A counter for each constant of a closed vocabulary, all of one metric with one label. */
public final class Counters<E extends Enum<E>> {

    private final Map<E, Counter> counters;

    Counters(Meters meters, Metric metric, Class<E> type) {
        counters = new EnumMap<>(type);
        for (E each : type.getEnumConstants()) {
            counters.put(each, meters.counter(metric, Label.lower(each)));
        }
    }

    public void increment(E which) {
        increment(which, 1);
    }

    public void increment(E which, int times) {
        Objects.requireNonNull(counters.get(which)).increment(times);
    }
}
