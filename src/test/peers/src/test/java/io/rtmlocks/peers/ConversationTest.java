// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the harness and a driver say to each other, line by line, with real processes; a driver takes its servers with it when it ends. */
class ConversationTest {
    private static final String FIGURES =
            "\\{\"ops\":[1-9]\\d*,\"seconds\":[\\d.]+,\"p50Micros\":[\\d.]+,\"p99Micros\":[\\d.]+,"
                    + "\"clientCpuMillis\":\\d+,\"serverCpuMillis\":\\d+,\"errors\":0}";
    private static final Pattern SERVERS = Pattern.compile("\"servers\":\\[([\\d,]+)]");

    @Test
    void a_lock_driver() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                List.of(java, "-cp", System.getProperty("java.class.path"), "io.rtmlocks.peers.Main", "redis");
        converse(command, "pairs clients=2 inflight=2 seconds=1", "handoff waiters=2 seconds=0.5");
    }

    @Test
    void fan_out_with_ws() throws Exception {
        converse(List.of("node", "fanout.mjs", "ws"), "fanout subscribers=10 rounds=5");
    }

    @Test
    void fan_out_with_socket_io() throws Exception {
        converse(List.of("node", "fanout.mjs", "socketio"), "fanout subscribers=10 rounds=5");
    }

    private static void converse(List<String> command, String... windows) throws IOException, InterruptedException {
        Process driver = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader answers = driver.inputReader();
                PrintStream questions = new PrintStream(driver.getOutputStream(), true)) {
            String ready = answers.readLine();
            assumeFalse(ready.startsWith("{\"missing\":"), ready);
            assertThat(ready).startsWith("{\"ready\":true,");
            for (String window : windows) {
                questions.println(window);
                assertThat(answers.readLine()).as(window).matches(FIGURES);
            }
            questions.println("what else");
            assertThat(answers.readLine()).startsWith("{\"error\":");

            questions.println("quit");
            assertThat(answers.readLine()).isNull();
            assertThat(driver.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(driver.exitValue()).isZero();
            assertThat(serversOf(ready))
                    .isNotEmpty()
                    .noneMatch(pid -> ProcessHandle.of(pid).isPresent());
        } finally {
            driver.destroy();
        }
    }

    private static List<Long> serversOf(String ready) {
        MatchResult found = SERVERS.matcher(ready).results().findFirst().orElseThrow();
        return Stream.of(found.group(1).split(",")).map(Long::valueOf).toList();
    }
}
