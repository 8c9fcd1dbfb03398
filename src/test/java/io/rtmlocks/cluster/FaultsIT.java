// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Nodes are killed, stopped and restarted and their cables cut, while clients do all that clients do: nothing acknowledged is
 * lost, no lock has two owners, no event is missed, and guarded counters count exactly.
 *
 * <p>The cables need network namespaces. Where there are none the other faults strike, and the test then counts as skipped;
 * with {@code -Drtm.netns.required=true} it fails instead. Each fault strikes once; {@code
 * -Drtm.faults.rounds=50} is for a long run.
 */
class FaultsIT {

    private static final List<String> JVM_ARGUMENTS = List.of("-Xmx1500m");

    private static final Path LOGS = Path.of("target/faults").toAbsolutePath();

    @Test
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void whatever_happens_to_nodes_and_cables_nothing_is_lost() throws Exception {
        FaultPlan plan = FaultPlan.fromProperties();
        Path directory = Files.createTempDirectory(Files.createDirectories(LOGS), "run");
        String obstacle = Sandbox.obstacle();
        if (obstacle == null) {
            int status = Sandbox.run(FaultRun.class, JVM_ARGUMENTS, List.of(plan.text(), directory.toString()));
            assertThat(status).as("the run's verdict is printed above").isZero();
            return;
        }
        if (Boolean.getBoolean("rtm.netns.required")) {
            fail(obstacle);
        }
        try (FaultRun run = new FaultRun(plan.withoutCuts(), NodePlace.onLoopback(3), null, directory)) {
            assertThat(run.findings()).isEmpty();
        }
        abort("no cable was cut, all else held: " + obstacle);
    }
}
