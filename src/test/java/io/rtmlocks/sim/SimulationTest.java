// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the network, the machines and the clocks do: the shard keeps every promise, and when all is well again, everybody
 * is answered.
 *
 * <p>Each time among seeds that nobody has run before: for a minute, or for as long as {@code -Drtm.sim.seconds=N} says.
 * {@code -Drtm.seed=N} runs one seed again, and {@code -Drtm.trace=true} tells all that happens in it.
 */
class SimulationTest {

    /** A client comes back to several channels, and what is first asked of them shows in the run. */
    private static final long SEED_OF_MANY_SUBSCRIPTIONS = 12;

    private static final int SEARCH_SECONDS = Integer.getInteger("rtm.sim.seconds", 60);

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    void no_fault_breaks_a_promise() {
        Long seed = Long.getLong("rtm.seed");
        if (seed != null) {
            run(seed);
            return;
        }
        Map<String, Long> counts = new TreeMap<>();
        SplittableRandom seeds = new SplittableRandom();
        long start = System.nanoTime();
        long runs = 0;
        long millis = 0;
        do {
            Simulation simulation = run(seeds.nextLong());
            simulation.counts().forEach((what, count) -> counts.merge(what, count, Long::sum));
            counts.merge(
                    "commands",
                    simulation.histories().stream().mapToLong(History::size).sum(),
                    Long::sum);
            millis += simulation.nowMillis();
            runs++;
        } while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(SEARCH_SECONDS));
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                "simulation: %d seeds in %.1f s (%.1f a second), %.2f simulated hours, %s%n",
                runs, seconds, runs / seconds, millis / 3.6e6, counts);
    }

    private static Simulation run(long seed) {
        Simulation simulation = new Simulation(seed);
        try {
            simulation.run();
        } catch (Broken | RuntimeException e) {
            fail(e + System.lineSeparator() + "mvn -q test -Dtest=SimulationTest -Drtm.seed=" + seed, e);
        }
        return simulation;
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                5406541373070130051L,
                6075833835775051430L,
                -5647538525543520388L,
                6680907163363163751L,
                2028025397802478623L,
                -2988240752780564211L,
                -2850668890120363232L,
                -6100600196496015474L,
                2600300802740987767L,
                -1822200199268204935L,
                -6233649527541464207L,
                -8683246526018307725L
            })
    void a_seed_that_found_a_defect_finds_none(long seed) {
        run(seed);
    }

    /** Otherwise a seed would say nothing. */
    @Test
    void the_same_seed_is_the_same_run() {
        for (long seed = 1; seed <= 3; seed++) {
            assertThat(run(seed).traceHash()).isEqualTo(run(seed).traceHash());
        }
    }

    /** What has no hash of its own has another one in each process: here a random number, there a serial one. */
    @Test
    void the_same_seed_is_the_same_run_in_another_process() throws IOException {
        assertThat(traceHashInProcess("-XX:hashCode=0")).isEqualTo(traceHashInProcess("-XX:hashCode=3"));
    }

    private static int traceHashInProcess(String option) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UnlockExperimentalVMOptions",
                        option,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Elsewhere.class.getName(),
                        String.valueOf(SEED_OF_MANY_SUBSCRIPTIONS))
                .redirectErrorStream(true)
                .start();
        return Integer.parseInt(new String(process.getInputStream().readAllBytes(), UTF_8));
    }

    static final class Elsewhere {

        private Elsewhere() {}

        public static void main(String[] seed) {
            System.out.print(run(Long.parseLong(seed[0])).traceHash());
        }
    }
}
