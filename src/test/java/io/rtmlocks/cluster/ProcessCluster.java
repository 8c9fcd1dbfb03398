// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.gateway.TestClient;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Nodes that are processes of their own, started from the packaged program, to be killed and stopped by a test. */
final class ProcessCluster implements AutoCloseable {

    private static final Path JAR = Path.of("target/rtm-locks.jar").toAbsolutePath();
    private static final long READY_SECONDS_MAX = 240;
    private static final int CLIENTS_MAX = 500;

    private final Path directory;
    private final List<Map<String, String>> environments = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private final List<CompletableFuture<String>> ready = new ArrayList<>();
    private final List<NodePlace> places;
    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient webSockets =
            vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(CLIENTS_MAX));

    ProcessCluster(int size, Path directory, Map<String, String> settings) throws IOException {
        this(NodePlace.onLoopback(size), directory, settings);
    }

    ProcessCluster(List<NodePlace> places, Path directory, Map<String, String> settings) throws IOException {
        this.directory = directory;
        this.places = places;
        String members = places.stream()
                .map(place -> place.meshHost() + ":" + place.meshPort())
                .collect(Collectors.joining(","));
        for (int i = 0; i < places.size(); i++) {
            NodePlace place = places.get(i);
            Map<String, String> environment = new HashMap<>(settings);
            environment.put("RTM_NODE_NAME", "n" + i);
            environment.put("RTM_CLUSTER_HOST", place.meshHost());
            environment.put("RTM_CLUSTER_PORT", String.valueOf(place.meshPort()));
            environment.put("RTM_CLUSTER_BUS_PORT", "0");
            environment.put("RTM_CLUSTER_MEMBERS", members);
            environment.put("RTM_CLUSTER_SIZE", String.valueOf(places.size()));
            environment.put("RTM_HTTP_HOST", place.webHost());
            environment.put("RTM_HTTP_PORT", String.valueOf(place.webPort()));
            environment.put("RTM_MANAGEMENT_PORT", String.valueOf(place.managementPort()));
            environments.add(environment);
            processes.add(start(i));
            ready.add(CompletableFuture.completedFuture(""));
            watch(i);
        }
        for (int i = 0; i < places.size(); i++) {
            awaitReady(i);
        }
    }

    int size() {
        return processes.size();
    }

    private Process start(int node) throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        List<String> command = new ArrayList<>(places.get(node).prefix());
        command.addAll(List.of(
                java, "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-jar", JAR.toString(), "serve"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log(node).toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("RTM_"));
        builder.environment().putAll(environments.get(node));
        return builder.start();
    }

    private void watch(int node) {
        Process process = processes.get(node);
        ready.set(node, CompletableFuture.supplyAsync(() -> {
            try {
                return String.valueOf(
                        process.inputReader(StandardCharsets.UTF_8).readLine());
            } catch (IOException e) {
                return e.toString();
            }
        }));
    }

    void awaitReady(int node) {
        try {
            String line = ready.get(node).get(READY_SECONDS_MAX, TimeUnit.SECONDS);
            if (!line.startsWith("ready ")) {
                throw new AssertionError("node " + node + " said: " + line + "; its log: " + logText(node));
            }
        } catch (Exception e) {
            throw new AssertionError("node " + node + " is not ready; its log: " + logText(node), e);
        }
    }

    /** SIGKILL: nothing is said, nothing is saved. */
    void kill(int node) {
        program(node).destroyForcibly();
        processes.get(node).onExit().join();
    }

    /** The node itself, where another program had to be started to start it. */
    private ProcessHandle program(int node) {
        ProcessHandle program = processes.get(node).toHandle();
        while (program.children().findFirst().isPresent()) {
            program = program.children().findFirst().get();
        }
        return program;
    }

    /** The node comes back under its name, without memory; does not wait until it is ready. */
    void restart(int node) throws IOException {
        processes.set(node, start(node));
        watch(node);
    }

    /** SIGTERM, and waits for the end. */
    void drain(int node) throws IOException, InterruptedException {
        signal(node, "TERM");
        if (!processes.get(node).waitFor(READY_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new AssertionError("node " + node + " does not end; its log: " + logText(node));
        }
    }

    void signal(int node, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(program(node).pid()))
                .start()
                .waitFor();
    }

    /** A client that is connected, and no more. */
    TestClient connect(int node) {
        return TestClient.connect(
                webSockets,
                new WebSocketConnectOptions()
                        .setHost(places.get(node).webHost())
                        .setPort(places.get(node).webPort())
                        .setAllowOriginHeader(false)
                        .setURI("/rtm"));
    }

    TestClient login(int node, String userId) {
        TestClient client = connect(node);
        client.login(userId);
        return client;
    }

    private Path log(int node) {
        return directory.resolve("n" + node + ".log");
    }

    String logText(int node) {
        try {
            return Files.exists(log(node)) ? Files.readString(log(node)) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        for (int node = 0; node < size(); node++) {
            program(node).destroyForcibly();
            processes.get(node).destroyForcibly();
        }
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
