// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.List;
import java.util.Map;

/**
 * What clients cost that have logged in and do nothing: resident memory, after a full collection before and after they come, and
 * processor time. Each window has servers of its own, which have already seen clients come and go.
 */
record IdleConnections(String name, int connections) implements Workload {
    private static final int EARLIER = 500;

    @Override
    public boolean startsServers() {
        return true;
    }

    @Override
    public Work open(Stage stage, Program program) {
        return seconds -> {
            try (Servers servers = program.launch()) {
                comeAndGo(stage, servers);
                servers.collectGarbage();
                long before = Proc.residentKib(servers.pids());
                Failure failure = new Failure();
                List<LoadSession> sessions = stage.on(() -> stage.login(servers.endpoints(), connections, failure));
                servers.collectGarbage();
                long after = Proc.residentKib(servers.pids());
                double percent = IdleNodes.cpuPercent(stage, servers, seconds);
                failure.rethrow();
                stage.leave(sessions);
                return Map.of(
                        Measure.KIB_PER_CONNECTION,
                        (after - before) / (double) connections,
                        Measure.CPU_PERCENT_PER_NODE,
                        percent);
            }
        };
    }

    private static void comeAndGo(Stage stage, Servers servers) throws Exception {
        stage.leave(stage.on(() -> stage.login(servers.endpoints(), EARLIER, new Failure())));
    }
}
