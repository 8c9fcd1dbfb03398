// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.client.CuttableProxy;
import io.rtmlocks.gateway.RunningNode;
import io.rtmlocks.gateway.TestClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A command runs while its lock is held, and not a moment longer; the lock is given back, and the status says how it went. */
class ExecCommandTest {
    private static final String SECRET = "0123456789012345678901234567890123456789";

    private final RunningNode node = RunningNode.unhurried("lock.ttlMinSeconds", "1", "session.heartbeatMs", "200");
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void command_finds_its_token_and_the_lock_is_given_back_whatever_it_ends_with() throws IOException {
        TestClient watcher = node.login("watcher");
        watcher.subscribe();

        assertThat(exec(
                        "--create",
                        "--ttl",
                        "7s",
                        "--user",
                        "alice",
                        "c/l",
                        "--",
                        "sh",
                        "-c",
                        say("out", "$RTM_FENCING_TOKEN $RTM_LOCK_CHANNEL $RTM_LOCK_NAME") + "; exit 3"))
                .isEqualTo(3);

        JsonObject acquired = watcher.lockEvent("ACQUIRED");
        assertThat(acquired.getString("owner")).isEqualTo("alice");
        assertThat(acquired.getInteger("ttl")).isEqualTo(7);
        assertThat(read("out")).isEqualTo(acquired.getLong("fencingToken") + " c l");
        JsonObject released = watcher.lockEvent("RELEASED");
        assertThat(released.getString("cause")).isEqualTo("RELEASED");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void busy_lock_is_not_had_without_waiting_nor_in_too_short_a_time() {
        owner("bob");

        assertThat(exec("--no-wait", "c/l", "--", "sh", "-c", say("out", "ran")))
                .isEqualTo(ExitStatus.LOCK_NOT_HAD);
        assertThat(err.toString()).contains("owned by 'bob'");
        assertThat(exec("--timeout", "1s", "c/l", "--", "sh", "-c", say("out", "ran")))
                .isEqualTo(ExitStatus.LOCK_NOT_HAD);
        assertThat(err.toString()).contains("in time: somebody else has the lock");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void lock_that_was_never_set_is_not_had_and_create_is_named() {
        assertThat(exec("c/l", "--", "sh", "-c", say("out", "ran"))).isEqualTo(ExitStatus.LOCK_NOT_HAD);
        assertThat(err.toString()).contains("there is no lock 'l' in the channel. With --create it is set first.");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void it_waits_for_its_turn() throws Exception {
        TestClient bob = owner("bob");
        CompletableFuture<Integer> status = start("c/l", "sh", "-c", say("out", "ran"));
        bob.eventually("l", view -> view.getInteger("waiters") == 1);
        assertThat(directory.resolve("out")).doesNotExist();

        bob.lock("releaseLock", "l");

        assertThat(status.get(60, TimeUnit.SECONDS)).isZero();
        assertThat(read("out")).isEqualTo("ran");
    }

    @Test
    void lock_that_is_lost_ends_the_command() throws Exception {
        CompletableFuture<Integer> status = start(
                "--create",
                "c/l",
                "--",
                "sh",
                "-c",
                "trap '" + say("out", "asked to end") + "; exit 0' TERM; " + say("started", "x")
                        + "; while :; do sleep 0.1; done");
        until("started");

        node.login("bob").lock("revokeLock", "l");

        assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(ExitStatus.LOCK_LOST);
        assertThat(read("out")).isEqualTo("asked to end");
        assertThat(err.toString()).contains("REVOKED");
    }

    @Test
    void command_that_does_not_end_is_killed_with_all_that_it_started() throws Exception {
        CompletableFuture<Integer> status = start(
                "--create",
                "--grace",
                "1s",
                "c/l",
                "--",
                "sh",
                "-c",
                "trap '' TERM; (trap '' TERM; while :; do sleep 0.1; done) & echo $! > " + directory.resolve("started")
                        + "; wait");
        until("started");
        long grandchild = Long.parseLong(read("started"));

        node.login("bob").lock("revokeLock", "l");

        assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(ExitStatus.LOCK_LOST);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> ProcessHandle.of(grandchild).isEmpty());
    }

    @Test
    void broken_connection_costs_nothing_while_the_session_is_found_again() throws Exception {
        try (CuttableProxy proxy = new CuttableProxy(node.port())) {
            CompletableFuture<Integer> status = startThrough(
                    proxy,
                    "300s",
                    say("started", "x") + "; while [ ! -e " + directory.resolve("end") + " ]; do sleep 0.1; done");
            until("started");
            TestClient watcher = node.login("watcher");
            long token = watcher.view("l").getLong("fencingToken");

            proxy.cut();
            watcher.eventually("l", view -> !view.getBoolean("ownerOnline"));
            proxy.mend();
            JsonObject again = watcher.eventually("l", view -> view.getBoolean("ownerOnline"));

            assertThat(again.getLong("fencingToken")).isEqualTo(token);
            Files.createFile(directory.resolve("end"));
            assertThat(status.get(60, TimeUnit.SECONDS)).isZero();
            watcher.eventually("l", view -> view.getString("owner").isEmpty());
        }
    }

    @Test
    void command_is_ended_when_the_lock_cannot_be_trusted_any_more() throws Exception {
        try (CuttableProxy proxy = new CuttableProxy(node.port())) {
            CompletableFuture<Integer> status = startThrough(proxy, "5s", say("started", "x") + "; exec sleep 600");
            until("started");

            proxy.cut();

            assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(ExitStatus.LOCK_LOST);
            assertThat(err.toString()).contains("was not heard for so long");
        }
    }

    /** The node takes the owner for there all the while, so that whatever ends the command does so before the lock is free. */
    @Test
    void command_that_does_not_want_to_end_is_killed_before_the_lock_can_be_anybody_elses() throws Exception {
        try (CuttableProxy proxy = new CuttableProxy(node.port())) {
            CompletableFuture<Integer> status = startThrough(
                    proxy,
                    "5s",
                    "trap '" + say("asked", "x") + "' TERM; echo $$ > " + directory.resolve("started")
                            + "; while :; do sleep 0.1; done");
            until("started");
            long pid = Long.parseLong(read("started"));
            TestClient bob = node.login("bob");
            long waits = bob.sendLock("acquireLock", "l", "retry", true);
            bob.sync();

            proxy.fallSilent();
            until("asked");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> ProcessHandle.of(pid).isEmpty());

            assertThat(bob.received()).isEmpty();
            assertThat(bob.view("l").getString("owner")).isEqualTo("alice");
            proxy.close();
            assertThat(status.get(60, TimeUnit.SECONDS)).isEqualTo(ExitStatus.LOCK_LOST);
            bob.take("the grant", frame -> Long.valueOf(waits).equals(frame.getLong("id")));
        }
    }

    @Test
    void command_that_cannot_be_run_gives_the_lock_back() throws IOException {
        Path file = Files.writeString(directory.resolve("no-program"), "text");

        assertThat(exec("--create", "c/l", "--", "/no/such/program")).isEqualTo(ExitStatus.NO_SUCH_COMMAND);
        assertThat(exec("c/l", "--", file.toString())).isEqualTo(ExitStatus.CANNOT_RUN);
        node.login("bob").eventually("l", view -> view.getString("owner").isEmpty());
    }

    @Test
    void service_that_is_not_there_is_told() {
        assertThat(run(
                        Map.of(),
                        "exec",
                        "--url",
                        "ws://127.0.0.1:1",
                        "--timeout",
                        "1s",
                        "--user",
                        "alice",
                        "c/l",
                        "--",
                        "true"))
                .isEqualTo(ExitStatus.LOCK_NOT_HAD);
        assertThat(err.toString()).contains("cannot connect to ws://127.0.0.1:1/rtm");
    }

    @Test
    void wait_without_an_end_says_that_the_service_is_not_there_and_goes_on() throws Exception {
        int port = FreePorts.one();
        CompletableFuture<Integer> status = CompletableFuture.supplyAsync(
                () -> run(Map.of(), "exec", "--url", "ws://127.0.0.1:" + port, "--create", "c/l", "--", "true"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> err.toString().contains("cannot connect to ws://127.0.0.1:" + port + "/rtm"));

        try (RunningNode late = RunningNode.with("http.port", String.valueOf(port))) {
            assertThat(status.get()).isZero();
            assertThat(err.toString()).endsWith("Trying again." + System.lineSeparator());
            assertThat(late.port()).isEqualTo(port);
        }
    }

    @Test
    void login_that_is_refused_has_a_status_of_its_own_and_the_token_comes_from_the_environment() {
        try (RunningNode guarded = RunningNode.with("auth.mode", "jwt", "auth.hmacSecret", SECRET)) {
            String url = "ws://127.0.0.1:" + guarded.port();
            String[] line = {
                "exec",
                "--url",
                url,
                "--create",
                "--user",
                "alice",
                "c/l",
                "--",
                "sh",
                "-c",
                "test -z \"$RTM_LOGIN_TOKEN\""
            };
            assertThat(run(Map.of(), line)).isEqualTo(ExitStatus.LOGIN_REFUSED);
            assertThat(err.toString()).contains("--token");

            StringWriter token = new StringWriter();
            Main.commandLine(Map.of("RTM_AUTH_HMAC_SECRET", SECRET))
                    .setOut(new PrintWriter(token, true))
                    .execute("token", "create", "-u", "alice");
            assertThat(run(Map.of("RTM_LOGIN_TOKEN", token.toString().strip()), line))
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "l -- true",
                "_c/l -- true",
                "c/ -- true",
                "c/l",
                "c/l --",
                "--no-wait --wait c/l -- true",
                "--url http://x c/l -- true",
                "--user _x c/l -- true",
                "--ttl x c/l -- true"
            })
    void what_is_not_understood_ends_with_2(String arguments) {
        assertThat(run(Map.of(), ("exec " + arguments).split(" "))).isEqualTo(ExitStatus.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("See: rtm-locks exec --help");
    }

    @Test
    void signal_is_passed_on_and_the_lock_given_back() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.rtmlocks.Main",
                        "exec",
                        "--url",
                        "ws://127.0.0.1:" + node.port(),
                        "--user",
                        "alice",
                        "--create",
                        "--ttl",
                        "300s",
                        "c/l",
                        "--",
                        "sh",
                        "-c",
                        say("started", "x") + "; exec sleep 600")
                .inheritIO()
                .start();
        try {
            until("started");
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
            node.login("bob").eventually("l", view -> view.getString("owner").isEmpty());
        } finally {
            process.destroyForcibly();
        }
    }

    private TestClient owner(String user) {
        TestClient client = node.login(user);
        client.lock("setLock", "l");
        client.lock("acquireLock", "l");
        return client;
    }

    private String say(String file, String text) {
        return "echo \"" + text + "\" > " + directory.resolve(file);
    }

    private String read(String file) throws IOException {
        return Files.readString(directory.resolve(file)).strip();
    }

    private void until(String file) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        Files.exists(directory.resolve(file)) && !read(file).isEmpty());
    }

    /** Alice runs a script under the lock, and speaks to the node through the proxy. */
    private CompletableFuture<Integer> startThrough(CuttableProxy proxy, String ttl, String script) {
        String url = "ws://127.0.0.1:" + proxy.port();
        return CompletableFuture.supplyAsync(() -> run(
                Map.of(),
                "exec",
                "--url",
                url,
                "--user",
                "alice",
                "--create",
                "--ttl",
                ttl,
                "c/l",
                "--",
                "sh",
                "-c",
                script));
    }

    private CompletableFuture<Integer> start(String... arguments) {
        return CompletableFuture.supplyAsync(() -> exec(arguments));
    }

    private int exec(String... arguments) {
        List<String> all = new ArrayList<>(List.of("exec", "--url", "ws://127.0.0.1:" + node.port()));
        if (!List.of(arguments).contains("--user")) {
            all.addAll(List.of("--user", "alice"));
        }
        all.addAll(List.of(arguments));
        return run(Map.of(), all.toArray(String[]::new));
    }

    private int run(Map<String, String> environment, String... arguments) {
        return Main.commandLine(environment).setErr(new PrintWriter(err, true)).execute(arguments);
    }
}
