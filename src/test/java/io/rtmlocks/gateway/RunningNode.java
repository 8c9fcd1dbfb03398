// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.Config;
import io.rtmlocks.Node;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real node in this process, on a free port, and the clients of a test; all of it ends with the test. */
public final class RunningNode implements AutoCloseable {

    private static final long START_SECONDS_MAX = 20;
    private static final int FRAME_BYTES_MAX = 8 << 20;
    private static final int BLOCKED_CHECK_MILLIS = 200;
    private static final int CONNECTIONS_MAX = 1_000;

    /** Says in the log when one of its event loops is blocked for longer than a second. */
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setMaxEventLoopExecuteTime(1)
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS)
            .setBlockedThreadCheckInterval(BLOCKED_CHECK_MILLIS)
            .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS));

    /** Kept here: a client that nobody refers to is closed by the collector. */
    private final WebSocketClient webSockets = vertx.createWebSocketClient(new WebSocketClientOptions()
            .setMaxFrameSize(FRAME_BYTES_MAX)
            .setMaxMessageSize(FRAME_BYTES_MAX)
            .setMaxConnections(CONNECTIONS_MAX));

    private final Node node;
    private final List<TestClient> clients = new ArrayList<>();

    /** @param settings keys and values in turn, such as {@code "session.heartbeatMs", "200"} */
    public static RunningNode with(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("http.port", "0", "management.port", "0"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new RunningNode(all);
    }

    private RunningNode(Map<String, String> settings) {
        node = await(Node.start(vertx, Config.of(settings)));
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public Vertx vertx() {
        return vertx;
    }

    public Node node() {
        return node;
    }

    public int port() {
        return node.httpPort();
    }

    /** A client that connects to another path. */
    public TestClient connectTo(String uri) {
        return connect(new WebSocketConnectOptions(), uri);
    }

    /** A page of this origin that connects. */
    public TestClient connectFrom(String origin) {
        return connect(
                new WebSocketConnectOptions().setHeaders(HttpHeaders.headers().set("Origin", origin)));
    }

    /** A client that is connected, and no more. */
    public TestClient connect() {
        return connect(new WebSocketConnectOptions().setAllowOriginHeader(false));
    }

    /** A client that connects with headers or sub-protocols of its own. */
    public TestClient connect(WebSocketConnectOptions options) {
        return connect(options, "/rtm");
    }

    private TestClient connect(WebSocketConnectOptions options, String uri) {
        options.setHost("127.0.0.1").setPort(port()).setURI(uri);
        TestClient client = TestClient.connect(webSockets, options);
        clients.add(client);
        return client;
    }

    /** A node on which nobody asks too fast. */
    public static RunningNode unhurried(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "limits.acquirePerSecond", "0",
                "limits.opsPerSecond", "0",
                "limits.bytesPerSecond", "0",
                "limits.handshakesPerSecond", "0",
                "limits.handshakesPerSecondPerAddress", "0"));
        all.addAll(List.of(settings));
        return with(all.toArray(String[]::new));
    }

    /** A client that came back to the session of another, whose connection may still be there. */
    public TestClient resume(String userId, TestClient former) {
        TestClient client = connect();
        client.continueIdsOf(former);
        JsonObject reply = client.login(userId, former.resumeToken);
        if (!reply.getBoolean("resumed")) {
            throw new AssertionError("not resumed: " + reply);
        }
        return client;
    }

    /** A client that the test is done with. */
    public void forget(TestClient client) {
        clients.remove(client);
    }

    /** A client that is logged in as this user. */
    public TestClient login(String userId) {
        TestClient client = connect();
        client.login(userId);
        return client;
    }

    @Override
    public void close() {
        clients.forEach(TestClient::cut);
        await(vertx.close());
    }
}
