// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Runs one workload on all its targets in interleaved rounds: A B C A B C …, so that what disturbs the machine for a while
 * disturbs all alike. Windows that warm up are thrown away; beside each other one stands how many cores foreign processes took.
 */
final class Rounds {
    private static final int BREAK_IN_ATTEMPTS_MAX = 4;

    /** A target is warm when it does no more than this of what it did in the window before. */
    private static final double STILL_WARMING = 1.05;

    private final Stage stage;
    private final Bench.Pace pace;
    private final Readings readings;
    private final Set<String> brokenIn = new HashSet<>();

    Rounds(Stage stage, Bench.Pace pace, Readings readings) {
        this.stage = stage;
        this.pace = pace;
        this.readings = readings;
    }

    void run(Workload workload, List<Target> targets) throws Exception {
        readings.forget(workload.name());
        Map<Target, Workload.Work> open = new LinkedHashMap<>();
        try {
            for (Target target : targets) {
                open(workload, target, open);
            }
            for (int round = 1; round <= pace.rounds(); round++) {
                for (Map.Entry<Target, Workload.Work> each : new ArrayList<>(open.entrySet())) {
                    measure(workload, each.getKey(), each.getValue(), round, open);
                }
            }
        } finally {
            for (Workload.Work work : open.values()) {
                work.close();
            }
        }
    }

    private void open(Workload workload, Target target, Map<Target, Workload.Work> open) {
        try {
            if (!workload.startsServers() && brokenIn.add(target.name())) {
                breakIn(target);
            }
            Workload.Work work = target.open(stage, workload);
            open.put(target, work);
            if (!workload.startsServers()) {
                warm(work, pace.warmUpSeconds() * target.processes(), pace.warmUpsMax());
            }
        } catch (Exception e) {
            giveUp(workload, target, e, open);
        }
    }

    /**
     * Compiles the way through the server and through our clients, which a single client does not do in a short time. A server that is
     * still cold may refuse what is too much for it.
     */
    private void breakIn(Target target) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try (Workload.Work work = target.open(stage, target.breakIn())) {
                warm(work, pace.breakInSeconds() * target.processes(), pace.breakInsMax());
                return;
            } catch (IllegalStateException e) {
                if (attempt == BREAK_IN_ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }

    private static void warm(Workload.Work work, double seconds, int windowsMax) throws Exception {
        double before = 0;
        for (int i = 0; i < windowsMax; i++) {
            double now = work.window(seconds).getOrDefault(Measure.OPS_PER_SECOND, 0.0);
            if (now <= before * STILL_WARMING) {
                return;
            }
            before = now;
        }
    }

    private void measure(
            Workload workload, Target target, Workload.Work work, int round, Map<Target, Workload.Work> open) {
        try {
            Map<Measure, Double> values = withForeignLoad(work);
            System.out.printf("%-16s %-14s round %d: %s%n", workload.name(), target.name(), round, shown(values));
            readings.add(Reading.of(workload.name(), target.name(), round, values));
        } catch (Exception e) {
            giveUp(workload, target, e, open);
        }
    }

    private Map<Measure, Double> withForeignLoad(Workload.Work work) throws Exception {
        long began = System.nanoTime();
        Set<Long> ours = ourProcesses();
        long foreign = Proc.machineBusyMillis() - Proc.cpuMillisWithEnded(ours);
        Map<Measure, Double> values = new EnumMap<>(work.window(pace.seconds()));
        ours.addAll(ourProcesses());
        foreign = Proc.machineBusyMillis() - Proc.cpuMillisWithEnded(ours) - foreign;
        values.put(Measure.FOREIGN_CORES, Math.max(0, foreign * 1e6 / (System.nanoTime() - began)));
        return values;
    }

    private static Set<Long> ourProcesses() {
        Set<Long> pids =
                ProcessHandle.current().descendants().map(ProcessHandle::pid).collect(Collectors.toSet());
        pids.add(ProcessHandle.current().pid());
        return pids;
    }

    private void giveUp(Workload workload, Target target, Exception why, Map<Target, Workload.Work> open) {
        String kind = why instanceof PeerDriver.NotPresentException ? "not present" : "void";
        String said = kind + ": "
                + String.valueOf(why.getMessage()).lines().findFirst().orElse("");
        System.out.printf("%-16s %-14s %s%n", workload.name(), target.name(), said);
        readings.add(Reading.missing(workload.name(), target.name(), said));
        Workload.Work work = open.remove(target);
        if (work != null) {
            try {
                work.close();
            } catch (Exception e) {
                System.out.println("and could not be closed: " + e.getMessage());
            }
        }
    }

    static String shown(Map<Measure, Double> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey().shown(entry.getValue()))
                .collect(Collectors.joining(", "));
    }
}
