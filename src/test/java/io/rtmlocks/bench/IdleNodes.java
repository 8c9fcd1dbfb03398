// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.Map;

/** What nodes cost that nobody uses. */
record IdleNodes(String name) implements Workload {
    private static final double SECONDS_MIN = 10;

    @Override
    public Work open(Stage stage, Program program) throws Exception {
        Servers servers = stage.running(program);
        return seconds -> Map.of(Measure.CPU_PERCENT_PER_NODE, cpuPercent(stage, servers, seconds));
    }

    /** Of a core, each. */
    static double cpuPercent(Stage stage, Servers servers, double seconds) throws Exception {
        long before = Proc.cpuMillis(servers.pids());
        long began = System.nanoTime();
        stage.pass(Math.max(seconds, SECONDS_MIN));
        double millis = (System.nanoTime() - began) / 1e6;
        double used = Proc.cpuMillis(servers.pids()) - before;
        return 100 * used / millis / servers.pids().size();
    }
}
