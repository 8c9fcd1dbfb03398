// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What locks cost that are held and not touched: memory, and processor time of the work on others. Two servers of each target do the
 * same pairs in turn, and then one of them holds the locks.
 *
 * <p>Two servers differ by themselves, since each compiles its code in its own way: how the one compares with the other is measured
 * before it holds anything, and taken into account.
 */
record HeldLocks(String name, int channels, int locksPerChannel) implements Workload {
    private static final int HOLDERS = 100;
    private static final int AT_ONCE = 50;
    private static final double BREAK_IN_SECONDS = 8;
    private static final int ROUNDS_BEFORE = 5;
    private static final double SECONDS_BEFORE = 3;
    private static final Pairs PAIRS = new Pairs("pairs", 64, 16);

    @Override
    public boolean startsServers() {
        return true;
    }

    @Override
    public Work open(Stage stage, Program program) throws Exception {
        Servers empty = program.launch();
        Servers full = program.launch();
        Work emptyWork = PAIRS.open(stage, empty);
        Work fullWork = PAIRS.open(stage, full);
        emptyWork.window(BREAK_IN_SECONDS);
        fullWork.window(BREAK_IN_SECONDS);
        List<Double> apart = new ArrayList<>();
        for (int i = 0; i < ROUNDS_BEFORE; i++) {
            double cpu = cpuMicros(emptyWork, SECONDS_BEFORE);
            apart.add(cpuMicros(fullWork, SECONDS_BEFORE) / cpu);
        }
        double fullToEmpty = Readings.median(apart).orElseThrow();
        long heapBefore = full.liveHeapKib();
        long residentBefore = Proc.residentKib(full.pids());
        List<LoadSession> holders = fill(stage, full);
        double locks = channels * (double) locksPerChannel;
        double heap = (full.liveHeapKib() - heapBefore) / locks;
        double resident = (Proc.residentKib(full.pids()) - residentBefore) / locks;
        return new Work() {
            @Override
            public Map<Measure, Double> window(double seconds) throws Exception {
                double without = fullToEmpty * cpuMicros(emptyWork, seconds);
                double with = cpuMicros(fullWork, seconds);
                return Map.of(
                        Measure.HEAP_KIB_PER_LOCK, heap,
                        Measure.RSS_KIB_PER_LOCK, resident,
                        Measure.CPU_MICROS_HOLDING, with,
                        Measure.SERVER_CPU_MICROS, without);
            }

            @Override
            public void close() throws Exception {
                emptyWork.close();
                fullWork.close();
                empty.close();
                full.close();
                stage.leave(holders);
            }
        };
    }

    private static double cpuMicros(Work work, double seconds) throws Exception {
        return work.window(seconds).get(Measure.SERVER_CPU_MICROS);
    }

    private List<LoadSession> fill(Stage stage, Servers servers) throws Exception {
        Failure failure = new Failure();
        List<LoadSession> holders = stage.on(() -> stage.login(servers.endpoints(), HOLDERS, failure));
        stage.on(() -> {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < HOLDERS; i++) {
                all.add(hold(holders.get(i), i));
            }
            return Future.all(all);
        });
        failure.rethrow();
        return holders;
    }

    private Future<?> hold(LoadSession holder, int number) {
        List<String> requests = new ArrayList<>();
        for (int channel = number; channel < channels; channel += HOLDERS) {
            for (int lock = 0; lock < locksPerChannel; lock++) {
                requests.add("\"op\":\"acquireLock\",\"create\":true,\"channel\":\"held-" + channel
                        + "\",\"lockName\":\"l" + lock + '"');
            }
        }
        return ask(holder, requests, 0);
    }

    private static Future<?> ask(LoadSession holder, List<String> requests, int from) {
        if (from >= requests.size()) {
            return Future.succeededFuture();
        }
        int to = Math.min(requests.size(), from + AT_ONCE);
        return holder.askAll(requests.subList(from, to)).compose(v -> ask(holder, requests, to));
    }
}
