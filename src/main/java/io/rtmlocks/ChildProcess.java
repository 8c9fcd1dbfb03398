// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A command that runs with the input and output of this process. */
final class ChildProcess {
    private final Process process;

    private ChildProcess(Process process) {
        this.process = process;
    }

    /**
     * @param more variables of its environment, besides those of this process
     * @param without variables that it must not have
     */
    static ChildProcess start(List<String> line, Map<String, String> more, List<String> without) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
        without.forEach(builder.environment()::remove);
        builder.environment().putAll(more);
        return new ChildProcess(builder.start());
    }

    CompletableFuture<?> ended() {
        return process.onExit();
    }

    /** How it ended; 128 and the signal when by one. */
    int status() {
        return process.exitValue();
    }

    /** SIGTERM, and after a while SIGKILL, also to whatever it started. */
    void end(Duration grace) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }
}
