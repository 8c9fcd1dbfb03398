// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** One method under JMH, in a virtual machine of its own for each window. */
record Micro(String name, Class<?> type, String method) implements Target {
    private static final int WARM_UPS = 3;
    private static final int ITERATIONS = 3;

    /** Names the rows; the targets know what to do. */
    record Work(String name) implements Workload {
        @Override
        public boolean startsServers() {
            return true;
        }

        @Override
        public Workload.Work open(Stage stage, Program program) {
            throw new UnsupportedOperationException("only for JMH");
        }
    }

    @Override
    public Workload.Work open(Stage stage, Workload workload) {
        return this::window;
    }

    private Map<Measure, Double> window(double seconds) throws Exception {
        TimeValue time = TimeValue.milliseconds((long) (seconds * 1e3 / ITERATIONS));
        Options options = new OptionsBuilder()
                .include('^' + Pattern.quote(type.getName() + '.' + method) + '$')
                .mode(Mode.AverageTime)
                .timeUnit(java.util.concurrent.TimeUnit.NANOSECONDS)
                .forks(1)
                .warmupIterations(WARM_UPS)
                .warmupTime(time)
                .measurementIterations(ITERATIONS)
                .measurementTime(time)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .jvmArgsAppend("-Xmx512m")
                .build();
        RunResult result = new Runner(options).runSingle();
        Map<Measure, Double> values = new EnumMap<>(Measure.class);
        values.put(Measure.NANOS_PER_OP, result.getPrimaryResult().getScore());
        Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        if (allocated != null) {
            values.put(Measure.BYTES_PER_OP, allocated.getScore());
        }
        return values;
    }
}
