// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.Config;
import io.rtmlocks.FreePorts;
import io.rtmlocks.Node;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Real nodes n0, n1, … of one cluster in this process, and the clients of a test; all of it ends with the test. */
public final class RunningCluster implements AutoCloseable {

    private static final long START_SECONDS_MAX = 120;

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient webSockets = vertx.createWebSocketClient();
    private final List<Integer> ports;
    private final Map<String, String> settings;
    private final List<Node> nodes;

    /** @param settings of every node, keys and values in turn */
    public static RunningCluster of(int size, String... settings) {
        Map<String, String> all =
                new HashMap<>(Map.of("http.port", "0", "management.port", "0", "cluster.busPort", "0"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return new RunningCluster(size, all);
    }

    private RunningCluster(int size, Map<String, String> settings) {
        this.ports = FreePorts.some(size);
        this.settings = settings;
        List<Future<Node>> starting =
                IntStream.range(0, size).mapToObj(this::start).toList();
        nodes = new ArrayList<>(await(Future.all(starting)).<Node>list());
    }

    private Future<Node> start(int number) {
        Map<String, String> own = new HashMap<>(settings);
        own.put("node.name", "n" + number);
        own.put("cluster.port", String.valueOf(ports.get(number)));
        own.put("cluster.size", String.valueOf(ports.size()));
        own.put(
                "cluster.members",
                ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(",")));
        return Node.start(new VertxOptions(), Config.of(own));
    }

    public Node node(int number) {
        return nodes.get(number);
    }

    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** Ends a node as it is, without draining it. */
    public void end(int number) {
        await(nodes.get(number).vertx().close());
    }

    /** Starts those that have ended again, in their places and with nothing. */
    public void startAgain(int... numbers) {
        List<Future<Node>> starting =
                IntStream.of(numbers).mapToObj(this::start).toList();
        List<Node> started = await(Future.all(starting)).list();
        for (int i = 0; i < numbers.length; i++) {
            nodes.set(numbers[i], started.get(i));
        }
    }

    /** A client that is connected to a node, and no more. */
    public TestClient connect(int number) {
        return TestClient.connect(
                webSockets,
                new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(nodes.get(number).httpPort())
                        .setURI("/rtm")
                        .setAllowOriginHeader(false));
    }

    /** A client that is logged in at a node as this user. */
    public TestClient login(int number, String userId) {
        TestClient client = connect(number);
        client.login(userId);
        return client;
    }

    public static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
        await(Future.join(nodes.stream().map(node -> node.vertx().close()).toList()));
    }
}
