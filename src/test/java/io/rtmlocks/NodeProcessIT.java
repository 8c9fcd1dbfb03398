// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The packaged program as a supervisor sees it: what it prints, when it serves, how it ends. */
class NodeProcessIT {
    private static final Path JAR = Path.of("target/rtm-locks.jar").toAbsolutePath();
    private static final Pattern READY = Pattern.compile(
            "ready (http://127\\.0\\.0\\.1:\\d+/) \\(management (http://127\\.0\\.0\\.1:\\d+/health/ready)\\)");

    @TempDir
    private Path directory;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void dev_serves_once_it_says_ready_and_ends_with_0_when_told_to_stop(String signal) throws Exception {
        Process node = start(Map.of(), "dev", "--port", "0");
        Matcher ready = ready(node);
        assumeThat(signal.equals("INT") && ignoresInterrupts(node))
                .as("a shell lets what runs in its background ignore SIGINT, and so does a JVM then")
                .isFalse();

        assertThat(get(ready.group(1)).statusCode()).isLessThan(500);
        HttpResponse<String> health = get(ready.group(2));
        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body()).isEqualTo("{\"status\":\"ready\"}");

        signal(node, signal);

        assertThat(node.waitFor()).isEqualTo(ExitStatus.OK);
        assertThat(node.inputReader(StandardCharsets.UTF_8).lines())
                .as("standard output after ready")
                .isEmpty();
        assertThat(Files.readString(log())).contains("drained").doesNotContain("WARN", "ERROR", "\tat ");
        assertThat(temporaryFiles()).isEmpty();
    }

    /** The second bit of the mask, where the system tells of it. */
    private static boolean ignoresInterrupts(Process process) throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .anyMatch(line -> line.matches("SigIgn:\\s+\\p{XDigit}*[2367abefABEF]"));
    }

    @Test
    void client_of_a_node_that_is_told_to_stop_is_closed_with_1001() throws Exception {
        Process node = start(Map.of(), "dev", "--port", "0");
        String url = ready(node).group(1).replace("http:", "ws:") + "rtm";
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        WebSocket client = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(url), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        closed.complete(code);
                        return null;
                    }

                    @Override
                    public void onError(WebSocket socket, Throwable error) {
                        closed.completeExceptionally(error);
                    }
                })
                .get();

        signal(node, "TERM");

        assertThat(closed.get()).isEqualTo(1001);
        assertThat(node.waitFor()).isEqualTo(ExitStatus.OK);
        assertThat(client.isInputClosed()).isTrue();
    }

    @Test
    void node_that_is_killed_leaves_no_files_behind() throws Exception {
        Process node = start(Map.of(), "dev", "--port", "0");
        assertThat(get(ready(node).group(1)).statusCode()).isEqualTo(200);

        node.destroyForcibly().waitFor();

        assertThat(temporaryFiles()).isEmpty();
    }

    @Test
    void serve_takes_its_settings_from_the_file_and_the_environment() throws Exception {
        Path file = Files.writeString(directory.resolve("my.yaml"), "http:\n  port: 1\nmanagement:\n  port: 0\n");
        Process node = start(Map.of("RTM_HTTP_PORT", "0"), "serve", "-c", file.toString());
        Matcher ready = ready(node);

        Process health = start(Map.of(), "health", "--url", ready.group(2));
        assertThat(health.waitFor()).isEqualTo(ExitStatus.OK);

        signal(node, "TERM");
        assertThat(node.waitFor()).isEqualTo(ExitStatus.OK);
        health = start(Map.of(), "health", "--url", ready.group(2));
        assertThat(health.waitFor()).isEqualTo(ExitStatus.FAILED);
    }

    @Test
    void settings_that_are_wrong_are_all_named_and_end_it_with_2() throws Exception {
        Process node = start(Map.of("RTM_HTTP_PORT", "http", "RTM_AUTH_MODE", "jwt", "RTM_HTTP_HOTS", "x"), "serve");

        assertThat(node.waitFor()).isEqualTo(ExitStatus.BAD_CONFIGURATION);
        assertThat(text(node.getInputStream())).isEmpty();
        assertThat(Files.readAllLines(log()))
                .hasSize(4)
                .anyMatch(line -> line.contains("RTM_HTTP_HOTS") && line.contains("RTM_HTTP_HOST?"))
                .anyMatch(line -> line.contains("RTM_HTTP_PORT"))
                .anyMatch(line -> line.contains("RTM_AUTH_HMAC_SECRET"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RTM_HTTP_PORT", "RTM_MANAGEMENT_PORT"})
    void port_in_use_is_named_with_what_to_do_and_ends_it_with_69(String variable) throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = String.valueOf(other.getLocalPort());
            Map<String, String> ports = Map.of(
                    "RTM_HTTP_PORT", variable.equals("RTM_HTTP_PORT") ? port : "0",
                    "RTM_MANAGEMENT_PORT", variable.equals("RTM_MANAGEMENT_PORT") ? port : "0");
            Process node = start(ports, "serve");

            assertThat(node.waitFor()).isEqualTo(ExitStatus.PORT_BUSY);
            assertThat(text(node.getInputStream())).isEmpty();
            assertThat(Files.readAllLines(log()))
                    .singleElement()
                    .asString()
                    .startsWith("Port " + port + " of 127.0.0.1: Address already in use")
                    .contains(variable);
        }
    }

    @Test
    void address_of_another_machine_ends_it_with_2() throws Exception {
        Process node = start(Map.of("RTM_MANAGEMENT_HOST", "192.0.2.1", "RTM_HTTP_PORT", "0"), "serve");

        assertThat(node.waitFor()).isEqualTo(ExitStatus.BAD_CONFIGURATION);
        assertThat(Files.readString(log())).contains("192.0.2.1").contains("RTM_MANAGEMENT_HOST");
    }

    @Test
    void cluster_host_of_another_machine_is_a_sentence_and_ends_it_with_2() throws Exception {
        Map<String, String> settings = new HashMap<>(memberSettings());
        settings.put("RTM_CLUSTER_HOST", "192.0.2.1");
        settings.put("RTM_CLUSTER_SECRET", "0123456789012345678901234567890123456789");
        Process node = start(settings, "serve");

        assertThat(node.waitFor()).isEqualTo(ExitStatus.BAD_CONFIGURATION);
        assertThat(Files.readAllLines(log()))
                .allMatch(line -> line.startsWith("Port ") && line.contains("RTM_CLUSTER_HOST"));
    }

    @Test
    void node_that_still_waits_for_the_others_ends_with_0_when_told_to_stop() throws Exception {
        Map<String, String> settings = memberSettings();
        Process node = start(settings, "serve");
        URI live = URI.create("http://127.0.0.1:" + settings.get("RTM_MANAGEMENT_PORT") + "/health/live");
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .ignoreException(ConnectException.class)
                .until(() -> get(live.toString()).statusCode() == 200);

        signal(node, "TERM");

        assertThat(node.waitFor()).isEqualTo(ExitStatus.OK);
        assertThat(text(node.getInputStream())).as("it never was ready").isEmpty();
        assertThat(Files.readString(log())).contains("drained").doesNotContain("\tat ");
    }

    /** A member of a cluster of three that is alone. */
    private static Map<String, String> memberSettings() throws IOException {
        int port = FreePorts.one();
        return Map.of(
                "RTM_HTTP_PORT",
                "0",
                "RTM_MANAGEMENT_PORT",
                String.valueOf(FreePorts.one()),
                "RTM_CLUSTER_PORT",
                String.valueOf(port),
                "RTM_CLUSTER_BUS_PORT",
                "0",
                "RTM_CLUSTER_SIZE",
                "3",
                "RTM_CLUSTER_MEMBERS",
                "127.0.0.1:" + port + ",127.0.0.1:1,127.0.0.1:2");
    }

    @Test
    void node_that_is_open_to_all_says_so_in_large_letters_and_as_a_metric() throws Exception {
        Process node = start(
                Map.of(
                        "RTM_HTTP_PORT", "0",
                        "RTM_MANAGEMENT_PORT", "0",
                        "RTM_HTTP_HOST", "0.0.0.0",
                        "RTM_INSECURE_ANONYMOUS", "true"),
                "serve");
        String ready = node.inputReader(StandardCharsets.UTF_8).readLine();
        String management =
                ready.substring(ready.indexOf("management ") + "management ".length(), ready.indexOf("health/"));

        assertThat(Files.readString(log())).contains("*  INSECURE: anybody who reaches this node", "open-to-all");
        assertThat(get(management + "metrics").body()).contains("\nrtm_anonymous 1.0\n");
        signal(node, "TERM");
        assertThat(node.waitFor()).isEqualTo(ExitStatus.OK);
    }

    @Test
    void exec_at_what_is_no_node_says_so_and_nothing_else() throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.start();
        String url = "ws://127.0.0.1:" + other.getAddress().getPort() + "/rtm";
        Process exec = start(Map.of(), "exec", "--url", url, "--user", "a", "--timeout", "2s", "c/l", "--", "true");

        assertThat(exec.waitFor()).isEqualTo(ExitStatus.LOCK_NOT_HAD);
        other.stop(0);
        assertThat(Files.readAllLines(log())).singleElement().asString().contains(url, "404");
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        String java = ProcessHandle.current().info().command().orElse("java");
        List<String> command =
                new ArrayList<>(List.of(java, "-Djava.io.tmpdir=" + temporary(), "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectError(log().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("RTM_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private Matcher ready(Process node) throws IOException {
        BufferedReader output = node.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        Matcher ready = READY.matcher(String.valueOf(line));
        assertThat(ready.matches())
                .as("%s; log: %s", line, Files.readString(log()))
                .isTrue();
        return ready;
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private Path log() {
        return directory.resolve("standard-error.log");
    }

    private Path temporary() throws IOException {
        return Files.createDirectories(directory.resolve("tmp"));
    }

    private List<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(temporary())) {
            return files.filter(file -> !file.getFileName().toString().startsWith("hsperfdata"))
                    .toList();
        }
    }
}
