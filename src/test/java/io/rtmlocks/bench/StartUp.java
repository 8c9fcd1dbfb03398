// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.Map;

/** From the start of the process until it says that it serves. */
record StartUp(String name) implements Workload {

    @Override
    public boolean startsServers() {
        return true;
    }

    @Override
    public Work open(Stage stage, Program program) {
        return seconds -> {
            try (Servers servers = program.launch()) {
                return Map.of(Measure.READY_MILLIS, servers.readyMillis());
            }
        };
    }
}
