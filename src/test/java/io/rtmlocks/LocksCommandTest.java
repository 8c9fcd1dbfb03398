// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.gateway.RunningNode;
import io.rtmlocks.gateway.TestClient;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Locks of a running service can be listed, watched and revoked from a shell; what goes wrong says what to do. */
class LocksCommandTest {
    private static final String TOKEN = "0123456789012345678901234567890123456789";

    private final RunningNode node = RunningNode.unhurried("management.token", TOKEN);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private TestClient alice;

    @BeforeEach
    void lock() {
        alice = node.login("alice");
        alice.lock("setLock", "free one");
        alice.lock("setLock", "held");
        alice.lock("acquireLock", "held");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void list_prints_a_line_a_lock() {
        assertThat(run("locks", "list")).isZero();
        assertThat(out.toString().lines().toList()).hasSize(3).satisfies(lines -> {
            assertThat(lines.get(0)).startsWith("LOCK ");
            assertThat(lines.get(1)).matches("c/free one +- +- +0 +-");
            assertThat(lines.get(2)).matches("c/held +alice +20\\d\\d-\\S+Z +0 +\\d+");
        });
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void list_takes_filters_and_gives_json() {
        assertThat(run("locks", "list", "--json", "--held", "--contains", "ali", "--channel", "c"))
                .isZero();
        JsonObject answer = new JsonObject(out.toString());
        assertThat(answer.getJsonArray("locks")).hasSize(1);
        assertThat(answer.getJsonArray("silentNodes")).isEmpty();
    }

    @Test
    void list_that_is_empty_is_no_error() {
        assertThat(run("locks", "list", "--contains", "nothing")).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("No lock fits");
    }

    @Test
    void watch_prints_what_is_and_then_what_changes() throws Exception {
        CompletableFuture<Integer> watching =
                CompletableFuture.supplyAsync(() -> run("locks", "watch", "--every", "1s", "--times", "4", "--held"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> out.toString().contains("alice, 0 waiting"));

        alice.lock("releaseLock", "held");

        assertThat(watching.get(60, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString().lines().toList())
                .hasSize(2)
                .last()
                .asString()
                .endsWith("c/held  is not listed any more");
    }

    @Test
    void revoke_takes_the_lock_from_the_owner_that_is_named() {
        assertThat(run("locks", "revoke", "--owner", "bob", "c/held")).isEqualTo(ExitStatus.FAILED);
        assertThat(err.toString()).contains("'alice'");
        assertThat(run("locks", "revoke", "--owner", "alice", "c/held")).isZero();
        assertThat(out.toString()).contains("alice does not own c/held any more");
        assertThat(alice.sessionEvent("LOCK_LOST").getString("cause")).isEqualTo("REVOKED");
        assertThat(run("locks", "revoke", "c/held")).isEqualTo(ExitStatus.FAILED);
        assertThat(err.toString()).contains("nobody owns the lock");
    }

    @Test
    void what_goes_wrong_says_what_to_do() {
        assertThat(run(Map.of(), "locks", "list")).isEqualTo(ExitStatus.FAILED);
        assertThat(err.toString()).contains("management.token");
        assertThat(run("locks", "watch", "--url", "http://127.0.0.1:1")).isEqualTo(ExitStatus.FAILED);
        assertThat(err.toString()).contains("No answer from http://127.0.0.1:1").contains("management port?");
        assertThat(run("locks", "list", "--url", "http://127.0.0.1:" + node.port()))
                .isEqualTo(ExitStatus.FAILED);
        assertThat(err.toString()).contains("is no rtm-locks");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "locks, locks",
        "locks revoke, locks revoke",
        "locks revoke held, locks revoke",
        "locks watch --every x, locks watch",
        "locks watch --most -1, locks watch",
        "locks list --most 0, locks list",
        "locks list --limit, locks list"
    })
    void what_is_not_understood_ends_with_2(String arguments, String command) {
        assertThat(run(arguments.split(" "))).isEqualTo(ExitStatus.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("See: rtm-locks " + command + " --help");
    }

    private int run(String... arguments) {
        return run(Map.of("RTM_MANAGEMENT_TOKEN", TOKEN), arguments);
    }

    private int run(Map<String, String> environment, String... arguments) {
        String[] all = arguments;
        if (arguments.length > 1 && !java.util.Arrays.asList(arguments).contains("--url")) {
            all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
            System.arraycopy(arguments, 2, all, 4, arguments.length - 2);
            all[2] = "--url";
            all[3] = "http://127.0.0.1:" + node.node().managementPort();
        }
        return Main.commandLine(environment)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all);
    }
}
