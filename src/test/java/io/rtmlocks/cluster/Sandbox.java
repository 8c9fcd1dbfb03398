// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A world of its own for a program: nobody outside sees its networks, its processes and what it mounts, and all of it is gone
 * when the program ends, or the one that started it. Needs root, Linux, iproute2 and iptables.
 */
final class Sandbox {

    private static final List<String> ENTER = List.of(
            "unshare",
            "--mount",
            "--net",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "sh",
            "-c",
            "mount -t tmpfs tmpfs /run && ip link set lo up && exec \"$@\"",
            "sh");
    private static final List<String> TRIAL =
            List.of("sh", "-c", "ip netns add trial && ip netns exec trial iptables -w -A INPUT -j DROP");
    private static final long TRIAL_SECONDS_MAX = 30;

    private Sandbox() {}

    /** Why there can be none here; null when there can. */
    static @Nullable String obstacle() {
        try {
            Process trial = new ProcessBuilder(entered(TRIAL))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.PIPE)
                    .start();
            String said = new String(trial.getInputStream().readAllBytes(), java.nio.charset.Charset.defaultCharset());
            boolean ended = trial.waitFor(TRIAL_SECONDS_MAX, TimeUnit.SECONDS);
            return ended && trial.exitValue() == 0
                    ? null
                    : "no network namespaces here (root? iproute2? iptables?): " + said.strip();
        } catch (IOException e) {
            return "no network namespaces here: " + e.getMessage();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a program of ours in a sandbox, with this class path; what it prints is printed here. Returns its exit status. */
    static int run(Class<?> main, List<String> jvmArguments, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(entered(command))
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.PIPE)
                .start();
        try {
            process.inputReader().lines().forEach(System.out::println);
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }

    /** To be called by the program inside: it ends when the one outside has ended, however. */
    static void endWithParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // nothing is said this way
                        }
                    } catch (IOException e) {
                        // the end as well
                    }
                    Runtime.getRuntime().halt(1);
                },
                "end-with-parent");
        watch.setDaemon(true);
        watch.start();
    }

    private static List<String> entered(List<String> command) {
        List<String> all = new ArrayList<>(ENTER);
        all.addAll(command);
        return all;
    }
}
