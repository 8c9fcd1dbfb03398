// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.rtmlocks.Config;
import io.rtmlocks.Node;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/**
 * How many acquire and release pairs one node serves to clients that ask one thing at a time, each on a lock of its own.
 * Clients and node share this process and its cores.
 *
 * <pre>mvn -q -DskipTests package
 * java -cp target/rtm-locks.jar:target/test-classes io.rtmlocks.bench.FirstReading [connections] [seconds]</pre>
 */
public final class FirstReading {

    private static final int WARM_UP_SECONDS = 5;

    private final Vertx serverVertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
    private final Vertx clientVertx = Vertx.vertx(new VertxOptions().setUseDaemonThread(true));
    private final WebSocketClient webSockets =
            clientVertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(Integer.MAX_VALUE));
    private final AtomicLong pairs = new AtomicLong();
    private final ConcurrentLinkedQueue<Histogram> histograms = new ConcurrentLinkedQueue<>();
    private volatile boolean measuring;

    public static void main(String[] arguments) throws Exception {
        int connections = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 64;
        int seconds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
        new FirstReading().run(connections, seconds);
    }

    private void run(int connections, int seconds) throws Exception {
        Config config = Config.of(Map.of(
                "http.port", "0", "management.port", "0", "limits.acquirePerSecond", "0", "limits.opsPerSecond", "0"));
        Node node = await(Node.start(serverVertx, config));
        List<Future<?>> opened = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            opened.add(open(node.httpPort(), i));
        }
        await(Future.all(opened));
        await(clientVertx.timer(WARM_UP_SECONDS, TimeUnit.SECONDS));
        pairs.set(0);
        measuring = true;
        long start = System.nanoTime();
        await(clientVertx.timer(seconds, TimeUnit.SECONDS));
        double elapsedSeconds = (System.nanoTime() - start) / 1e9;
        measuring = false;
        report(connections, pairs.get() / elapsedSeconds);
        await(clientVertx.close());
        await(serverVertx.close());
    }

    private void report(int connections, double pairsPerSecond) {
        Histogram all = new Histogram(3);
        histograms.forEach(all::add);
        System.out.printf(
                "%d connections: %,.0f pairs/s, acquire p50 %d us, p99 %d us%n",
                connections,
                pairsPerSecond,
                all.getValueAtPercentile(50) / 1_000,
                all.getValueAtPercentile(99) / 1_000);
    }

    private Future<?> open(int port, int number) {
        WebSocketConnectOptions options =
                new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/rtm");
        return webSockets.connect(options).map(socket -> {
            new Client(socket, number).start();
            return socket;
        });
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** Acquires and releases its own lock, over and over. */
    private final class Client {
        private final WebSocket socket;
        private final String lock;
        private final Histogram histogram = new Histogram(3);
        private long id;
        private long sentNanos;

        Client(WebSocket socket, int number) {
            this.socket = socket;
            this.lock = "\"channel\":\"c" + number + "\",\"lockName\":\"l\"";
            histograms.add(histogram);
        }

        void start() {
            socket.textMessageHandler(this::onText);
            socket.writeTextMessage("{\"id\":1,\"op\":\"login\",\"userId\":\"u\"}");
            id = 1;
        }

        private void onText(String text) {
            if (text.startsWith("{\"event\"")) {
                return;
            }
            if (!text.contains("\"errorCode\":0")) {
                throw new IllegalStateException(text);
            }
            if (id % 2 == 1) {
                if (id > 1) {
                    pairs.incrementAndGet();
                }
                sentNanos = System.nanoTime();
                send("acquireLock\",\"create\":true");
            } else {
                if (measuring) {
                    histogram.recordValue(System.nanoTime() - sentNanos);
                }
                send("releaseLock\"");
            }
        }

        private void send(String op) {
            socket.writeTextMessage("{\"id\":" + ++id + ",\"op\":\"" + op + "," + lock + "}");
        }
    }
}
