// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged program logs when nobody sees its terminal, and that it is little. */
class LogIT {
    private static final Path JAR = Path.of("target/rtm-locks.jar").toAbsolutePath();

    @TempDir
    private Path directory;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void piped_it_logs_json_and_nothing_else_and_says_ready_as_ever() throws Exception {
        List<JsonObject> log = aLife(Map.of(), "dev", "--port", "0").stream()
                .map(JsonObject::new)
                .toList();

        assertThat(log)
                .extracting(line -> line.getString("event"))
                .containsExactly("node-serves", "draining", "drained");
        assertThat(log).allMatch(line -> line.fieldNames().containsAll(List.of("time", "level", "message", "logger")));
    }

    @Test
    void text_is_a_line_for_people() throws Exception {
        assertThat(aLife(Map.of("RTM_LOG_FORMAT", "text"), "serve"))
                .hasSize(3)
                .allMatch(line ->
                        line.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  [a-z].* event=.*"));
    }

    @Test
    void level_of_the_file_counts() throws Exception {
        Path file = Files.writeString(directory.resolve("my.yaml"), "log:\n  level: warn\n");

        assertThat(aLife(Map.of(), "serve", "-c", file.toString())).isEmpty();
    }

    /** @return all lines it logged, from its start until it was told to stop */
    private List<String> aLife(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path log = directory.resolve("standard-error.log");
        String java = ProcessHandle.current().info().command().orElse("java");
        List<String> command = new ArrayList<>(List.of(java, "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectError(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("RTM_"));
        if (List.of(arguments).contains("serve")) {
            builder.environment().putAll(Map.of("RTM_HTTP_PORT", "0", "RTM_MANAGEMENT_PORT", "0"));
        }
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        String ready = process.inputReader(StandardCharsets.UTF_8).readLine();
        assertThat(ready)
                .as(Files.readString(log))
                .matches("ready http://\\S+ \\(management http://\\S+/health/ready\\)");
        process.destroy();
        assertThat(process.waitFor()).isEqualTo(ExitStatus.OK);
        return Files.readAllLines(log);
    }
}
