// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes what counts a {@link Metric}: to be asked for once and kept, because a look-up costs more than a count.
 *
 * <p>Label values are given in the order of the metric's labels; one that is not in the vocabulary is an error.
 */
public final class Meters {

    private static final Duration[] SHORT = micros(
            100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000,
            5_000_000);
    private static final Duration[] LONG = micros(
            10_000, 100_000, 1_000_000, 5_000_000, 15_000_000, 60_000_000, 300_000_000, 900_000_000, 3_600_000_000L);

    private final MeterRegistry registry;

    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** For what is counted and never read. */
    public static Meters unread() {
        return new Meters(new SimpleMeterRegistry());
    }

    public Counter counter(Metric metric, String... labels) {
        return Counter.builder(metric.text())
                .tags(tags(metric, labels))
                .description(metric.help())
                .register(registry);
    }

    /** @param type whose constants, in lower case, are the values of the metric's label */
    public <E extends Enum<E>> Counters<E> counters(Metric metric, Class<E> type) {
        return new Counters<>(this, metric, type);
    }

    public Timer histogram(Metric metric, String... labels) {
        return Timer.builder(metric.text())
                .tags(tags(metric, labels))
                .description(metric.help())
                .serviceLevelObjectives(metric.kind() == Metric.Kind.HISTOGRAM ? SHORT : LONG)
                .register(registry);
    }

    /** A number that is set whenever it is looked at; of a counter, how often it happened so far. */
    public Reading reading(Metric metric, String... labels) {
        Reading reading = new Reading();
        if (metric.kind() == Metric.Kind.COUNTER) {
            FunctionCounter.builder(metric.text(), reading, Reading::value)
                    .tags(tags(metric, labels))
                    .description(metric.help())
                    .register(registry);
        } else {
            Gauge.builder(metric.text(), reading, Reading::value)
                    .tags(tags(metric, labels))
                    .description(metric.help())
                    .strongReference(true)
                    .register(registry);
        }
        return reading;
    }

    private static List<Tag> tags(Metric metric, String... values) {
        if (values.length != metric.labels().size()) {
            throw new IllegalArgumentException(metric + " has the labels " + metric.labels());
        }
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            Label label = metric.labels().get(i);
            if (!label.words().contains(values[i])) {
                throw new IllegalArgumentException(label + " of " + metric + " is never " + values[i]);
            }
            tags.add(Tag.of(label.text(), values[i]));
        }
        return tags;
    }

    private static Duration[] micros(long... micros) {
        Duration[] bounds = new Duration[micros.length];
        for (int i = 0; i < micros.length; i++) {
            bounds[i] = Duration.ofNanos(micros[i] * 1_000);
        }
        return bounds;
    }

    /** The last value that was set; set and read on any thread. */
    public static final class Reading {
        private volatile long value;

        public void set(long now) {
            value = now;
        }

        public void set(boolean now) {
            value = now ? 1 : 0;
        }

        long value() {
            return value;
        }
    }
}
