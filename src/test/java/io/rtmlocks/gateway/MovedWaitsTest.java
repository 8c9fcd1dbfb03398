// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.Config;
import io.rtmlocks.Node;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session goes on at another node: what it waits for is answered there, also to a client that does not ask again (§1). */
class MovedWaitsTest {
    private static final String SECRET = "0123456789012345678901234567890123456789";

    private final Vertx clients = Vertx.vertx();
    private final WebSocketClient webSockets = clients.createWebSocketClient();
    private List<Node> nodes = List.of();

    @BeforeEach
    void start() throws Exception {
        List<Integer> ports = List.of(freePort(), freePort());
        List<Future<Node>> starting = new ArrayList<>();
        for (int port : ports) {
            Map<String, String> settings = new HashMap<>(Map.of(
                    "http.port", "0",
                    "management.port", "0",
                    "auth.mode", "jwt",
                    "auth.hmacSecret", SECRET,
                    "cluster.shards", "2",
                    "cluster.size", "2",
                    "cluster.busPort", "0"));
            settings.put("node.name", "n" + port);
            settings.put("cluster.port", String.valueOf(port));
            settings.put("cluster.members", "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1));
            starting.add(Node.start(new VertxOptions(), Config.of(settings)));
        }
        nodes = await(Future.all(starting)).list();
    }

    @AfterEach
    void stop() throws Exception {
        await(clients.close());
        await(Future.join(nodes.stream().map(node -> node.vertx().close()).toList()));
    }

    @Test
    void waits_are_answered_at_the_other_node_or_refused_there_when_the_right_is_gone() throws Exception {
        TestClient alice = login(0, "alice", "*=*", null);
        alice.lock("acquireLock", "l", "create", true);
        alice.lock("acquireLock", "forbidden", "create", true);
        TestClient bob = login(0, "bob", "*=*", null);
        long goesOn = bob.sendLock("acquireLock", "l", "retry", true);
        long ends = bob.sendLock("acquireLock", "forbidden", "retry", true);
        alice.eventually("forbidden", view -> view.getInteger("waiters") == 1);
        bob.cut();

        TestClient moved = login(1, "bob", "c/l=acquire", bob);

        assertThat(moved.welcome.getBoolean("resumed")).isTrue();
        assertThat(moved.welcome.getJsonArray("waiting")).hasSize(1);
        TestClient.refusal(-14010, moved.reply(ends));
        alice.eventually("forbidden", view -> view.getInteger("waiters") == 0);
        alice.lock("releaseLock", "l");
        JsonObject grant = moved.reply(goesOn);
        assertThat(grant.getInteger("errorCode")).isZero();
        assertThat(grant.getString("owner")).isEqualTo("bob");
    }

    private TestClient login(int node, String user, String allow, @Nullable TestClient former) {
        TestClient client = TestClient.connect(
                webSockets,
                new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(nodes.get(node).httpPort())
                        .setURI("/rtm"));
        String token = new TokenDraft(user, Instant.now().plusSeconds(600))
                .allow(List.of(allow))
                .sign(TokenKey.ofSecret(SECRET));
        JsonObject request;
        if (former == null) {
            request = client.request("login", "userId", user, "token", token);
        } else {
            client.continueIdsOf(former);
            request = client.request("login", "userId", user, "token", token, "resumeToken", former.resumeToken);
        }
        client.welcome = client.succeed(request);
        client.resumeToken = client.welcome.getString("resumeToken");
        return client;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
    }
}
