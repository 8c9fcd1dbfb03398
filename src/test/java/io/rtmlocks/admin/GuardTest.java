// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.rtmlocks.gateway.RunningNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may administer a node, and which calls are turned away: with a sentence, and without an effect. */
@Execution(ExecutionMode.SAME_THREAD)
class GuardTest {
    private static final String TOKEN = "0123456789012345678901234567890123456789";
    private static final RunningNode OPEN = RunningNode.with();
    private static final RunningNode LOCKED = RunningNode.with("management.token", TOKEN, "management.host", "0.0.0.0");
    private static final RunningNode SHUT = RunningNode.with("management.host", "0.0.0.0");

    @AfterAll
    static void close() {
        List.of(OPEN, LOCKED, SHUT).forEach(RunningNode::close);
    }

    @Test
    void with_a_token_whoever_brings_it_may_and_nobody_else() {
        assertThat(new Operator(port(LOCKED), "Authorization", "Bearer " + TOKEN).get("nodes"))
                .isNotNull();
        for (String wrong :
                List.of("Bearer " + TOKEN + "0", "Bearer " + TOKEN.substring(1), "Bearer ", "Basic " + TOKEN, TOKEN)) {
            Operator.Reply reply = new Operator(port(LOCKED), "Authorization", wrong).send("GET", "nodes", null);
            assertThat(reply.status()).as(wrong).isEqualTo(401);
            assertThat(reply.error()).contains("management.token").doesNotContain(TOKEN);
        }
        assertThat(new Operator(port(LOCKED)).send("GET", "nodes", null).status())
                .isEqualTo(401);
        assertThat(new Operator(port(LOCKED)).page("/admin/").statusCode()).isEqualTo(200);
    }

    @Test
    void without_a_token_it_is_shut_beyond_this_machine() {
        Operator operator = new Operator(port(SHUT));
        assertThat(operator.send("GET", "nodes", null).error()).contains("RTM_MANAGEMENT_TOKEN");
        assertThat(operator.send("GET", "nodes", null).status()).isEqualTo(403);
        assertThat(operator.page("/admin/").statusCode()).isEqualTo(403);
        assertThat(operator.page("/health/ready").statusCode()).isEqualTo(200);
    }

    /** A name of somebody else's may point to this machine: then their page could read it. */
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9,200",
        "localhost,200",
        "[::1]:9080,200",
        "evil.example:9080,403",
        "localhost.evil.example,403"
    })
    void without_a_token_it_is_asked_for_by_a_name_of_this_machine(String host, int status) throws IOException {
        assertThat(raw(OPEN, "GET /admin/api/v1/nodes HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    static Stream<Arguments> sources() {
        String own = "http://127.0.0.1:" + port(OPEN);
        String json = "application/json";
        return Stream.of(
                arguments(json, null, null, 404),
                arguments(json + "; charset=utf-8", own, "same-origin", 404),
                arguments(json, null, "none", 404),
                arguments(json, "http://evil.example", null, 403),
                arguments(json, "null", null, 403),
                arguments(json, "http://127.0.0.1:1", null, 403),
                arguments(json, null, "cross-site", 403),
                arguments(json, null, "same-site", 403),
                arguments(json, own, "cross-site", 403),
                arguments("text/plain", own, null, 415),
                arguments("application/x-www-form-urlencoded", own, null, 415),
                arguments("application/jsonx", own, null, 415),
                arguments(null, own, null, 415));
    }

    /** 404: it was let through, and there is no such lock. */
    @ParameterizedTest
    @MethodSource("sources")
    void action_does_not_come_from_a_foreign_page(String type, String origin, String site, int status)
            throws IOException {
        String request = "POST /admin/api/v1/locks/MESSAGE/c/no/revoke HTTP/1.1\r\nHost: 127.0.0.1:" + port(OPEN)
                + header("Content-Type", type) + header("Origin", origin) + header("Sec-Fetch-Site", site)
                + "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
        assertThat(raw(OPEN, request)).startsWith("HTTP/1.1 " + status);
    }

    private static String header(String name, String value) {
        return value == null ? "" : "\r\n" + name + ": " + value;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|nothing||404",
                "POST|nodes|{}|405",
                "GET|disconnect||405",
                "DELETE|locks/MESSAGE/c/l||405",
                "GET|locks/TEXT/c/l||400",
                "GET|locks/MESSAGE/_c/l||400",
                "GET|locks/MESSAGE/c/%2F||400",
                "GET|locks?limit=501||400",
                "GET|locks?limit=0||400",
                "GET|locks?held=maybe||400",
                "GET|locks?holder=a||400",
                "GET|locks?after=x||400",
                "GET|locks?after=x/y/z||400",
                "GET|locks?channelType=STREAM||400",
                "POST|locks/MESSAGE/c/l/revoke|{\"ownr\":\"alice\"}|400",
                "POST|locks/MESSAGE/c/l/revoke|{\"owner\":5}|400",
                "POST|locks/MESSAGE/c/l/revoke|{\"owner\":\"a\\nb\"}|400",
                "POST|locks/MESSAGE/c/l/remove|{\"owner\":\"alice\"}|400",
                "POST|locks/MESSAGE/c/l/remove|[]|400",
                "POST|locks/MESSAGE/c/l/remove|nonsense|400",
                "POST|disconnect|{}|400",
                "POST|disconnect|{\"userId\":\"a\",\"sessionId\":\"b\"}|400",
                "POST|nodes/none/drain|{}|404",
            })
    void call_that_is_not_as_described_is_refused_with_a_sentence(String method, String path, String body, int status) {
        Operator.Reply reply = new Operator(port(OPEN)).send(method, path, body, "Content-Type", "application/json");

        assertThat(reply.status()).as(reply.body().encode()).isEqualTo(status);
        assertThat(reply.error()).isNotBlank();
    }

    @Test
    void contains_has_the_length_of_a_name() {
        Operator operator = new Operator(port(OPEN));
        assertThat(operator.send("GET", "locks?contains=" + "x".repeat(64), null)
                        .status())
                .isEqualTo(200);
        assertThat(operator.send("GET", "locks?contains=" + "x".repeat(65), null)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void query_that_is_not_well_formed_is_refused() throws IOException {
        assertThat(
                        raw(
                                OPEN,
                                "GET /admin/api/v1/locks?contains=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @Test
    void body_has_a_bound() {
        String fits = new JsonObject().put("userId", "nobody").encode();
        Operator operator = new Operator(port(OPEN), "Content-Type", "application/json");
        assertThat(operator.send("POST", "disconnect", fits + " ".repeat(RequestBody.BYTES_MAX - fits.length()))
                        .status())
                .isEqualTo(200);
        assertThat(operator.send("POST", "disconnect", fits + " ".repeat(RequestBody.BYTES_MAX - fits.length() + 1))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void calls_at_once_have_a_bound_and_a_body_that_never_comes_does_not_hold_a_place() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < Admin.CALLS_AT_ONCE_MAX; i++) {
                slow.add(send(
                        OPEN,
                        "POST /admin/api/v1/disconnect HTTP/1.1\r\nHost: localhost\r\n"
                                + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"));
            }
            Operator operator = new Operator(port(OPEN));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> operator.send("GET", "nodes", null).status() == 503);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> operator.send("GET", "nodes", null).status() == 200);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static int port(RunningNode node) {
        return node.node().managementPort();
    }

    private static Socket send(RunningNode node, String request) throws IOException {
        Socket socket = new Socket("127.0.0.1", port(node));
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private static String raw(RunningNode node, String request) throws IOException {
        try (Socket socket = send(node, request)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
