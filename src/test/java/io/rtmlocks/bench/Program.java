// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.rtmlocks.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Something that can be started, any number of times: one process, or several that belong together. Each says {@code ready} and
 * where it listens when it serves. All get the same memory.
 */
interface Program {
    List<String> JAVA_OPTIONS = List.of("-Xms64m", "-Xmx512m", "-Dfile.encoding=UTF-8");

    /** One process. */
    record Command(List<String> words, Map<String, String> environment) {}

    String name();

    /** @return one for each process of a new start */
    List<Command> commands() throws IOException;

    default int processes() {
        return 1;
    }

    default Servers launch() throws IOException {
        return Servers.start(commands());
    }

    /** A main class of these tests. */
    record Test(String name, Class<?> main, List<String> arguments) implements Program {
        @Override
        public List<Command> commands() {
            return List.of(new Command(javaWords(main, arguments.toArray(String[]::new)), Map.of()));
        }
    }

    /** {@link BareServer}, from the same jar as the service. */
    record Bare(String name, String classPath, int nodes) implements Program {
        @Override
        public List<Command> commands() {
            String tests = Path.of(URI.create(BareServer.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toString()))
                    .toString();
            return List.of(java(
                    List.of("-cp", classPath + ":" + tests, BareServer.class.getName(), String.valueOf(nodes)),
                    Map.of()));
        }
    }

    /**
     * The service as a single node.
     *
     * @param classPath a jar, or whatever {@code java -cp} takes
     */
    record Node(String name, String classPath) implements Program {
        @Override
        public List<Command> commands() {
            return List.of(service(classPath, List.of("serve"), Map.of()));
        }
    }

    /** The service as a cluster, a process a node. */
    record Cluster(String name, String classPath, int size) implements Program {
        @Override
        public int processes() {
            return size;
        }

        @Override
        public List<Command> commands() throws IOException {
            List<Integer> ports = FreePorts.some(size);
            String members = ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
            return IntStream.range(0, size)
                    .mapToObj(i -> service(
                            classPath,
                            List.of("serve"),
                            Map.of(
                                    "RTM_NODE_NAME",
                                    "n" + i,
                                    "RTM_CLUSTER_PORT",
                                    String.valueOf(ports.get(i)),
                                    "RTM_CLUSTER_BUS_PORT",
                                    "0",
                                    "RTM_CLUSTER_MEMBERS",
                                    members,
                                    "RTM_CLUSTER_SIZE",
                                    String.valueOf(size))))
                    .toList();
        }
    }

    /** The service as {@code dev --nodes}: all nodes in one process. */
    record Dev(String name, String classPath, int size) implements Program {
        @Override
        public List<Command> commands() throws IOException {
            int port = FreePorts.firstForDev(size);
            return List.of(service(
                    classPath,
                    List.of("dev", "--nodes", String.valueOf(size), "--port", String.valueOf(port)),
                    Map.of()));
        }
    }

    private static Command service(String classPath, List<String> arguments, Map<String, String> environment) {
        List<String> words = new ArrayList<>(
                classPath.endsWith(".jar")
                        ? List.of("-jar", classPath)
                        : List.of("-cp", classPath, "io.rtmlocks.Main"));
        words.addAll(arguments);
        Map<String, String> settings = new HashMap<>(arguments.contains("serve") ? UNLIMITED : Map.of());
        settings.putAll(environment);
        return java(words, settings);
    }

    private static Command java(List<String> words, Map<String, String> environment) {
        return new Command(javaWords(words), environment);
    }

    /** The command that starts a main class of these tests. */
    static List<String> javaWords(Class<?> main, String... arguments) {
        List<String> words = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        words.addAll(List.of(arguments));
        return javaWords(words);
    }

    /** A command of Java with the memory that all have. */
    static List<String> javaWords(List<String> words) {
        List<String> all = new ArrayList<>();
        all.add(ProcessHandle.current().info().command().orElse("java"));
        all.addAll(JAVA_OPTIONS);
        all.addAll(words);
        return all;
    }

    /** Limits that count what a single client or address does would only measure themselves. */
    Map<String, String> UNLIMITED = Map.of(
            "RTM_HTTP_PORT", "0",
            "RTM_MANAGEMENT_PORT", "0",
            "RTM_LIMITS_ACQUIRE_PER_SECOND", "0",
            "RTM_LIMITS_OPS_PER_SECOND", "0",
            "RTM_LIMITS_BYTES_PER_SECOND", "0",
            "RTM_LIMITS_HANDSHAKES_PER_SECOND", "0",
            "RTM_LIMITS_HANDSHAKES_PER_SECOND_PER_ADDRESS", "0",
            "RTM_LIMITS_WAITERS_PER_LOCK", "10000",
            "RTM_LIMITS_LOCKS_PER_USER", "1000000");
}
