// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.js;

import com.microsoft.playwright.impl.driver.Driver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The Node.js that Playwright's driver brings along, so that a machine without Node runs every test.
 * {@code PLAYWRIGHT_NODEJS_PATH} in the environment names another one.
 */
public final class NodeRuntime {
    private static final Duration RUN_MAX = Duration.ofMinutes(4);

    private NodeRuntime() {}

    /** How a run of Node ended: its exit code, and all it wrote to both of its outputs. */
    public record Outcome(int exitCode, String output) {}

    /** The executable; unpacked once per JVM and deleted when the JVM ends. */
    public static Path executable() {
        Driver driver = Driver.ensureDriverInstalled(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"), false);
        return Path.of(driver.createProcessBuilder().command().get(0));
    }

    /** Runs Node in the project's directory and waits for its end; a run of over four minutes is killed and throws. */
    public static Outcome run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(executable().toString()));
        command.addAll(arguments);
        Path output = Files.createTempFile("node", ".out");
        try {
            Process node = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = node.waitFor(RUN_MAX.toSeconds(), TimeUnit.SECONDS);
            node.destroyForcibly();
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!ended) {
                throw new IllegalStateException("still running after " + RUN_MAX + ": " + command + "\n" + text);
            }
            return new Outcome(node.exitValue(), text);
        } finally {
            Files.delete(output);
        }
    }
}
