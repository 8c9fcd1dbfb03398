// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One connection to a node: requests and their replies by id; everything else goes to the owner, on the event loop. */
final class Connection {

    private static final long CONNECT_SECONDS_MAX = 3;

    private final WebSocket socket;
    private final Consumer<JsonObject> events;
    private final Map<Long, CompletableFuture<JsonObject>> asked = new ConcurrentHashMap<>();
    private volatile long heardNanos = System.nanoTime();
    private volatile boolean closed;

    private Connection(WebSocket socket, Consumer<JsonObject> events) {
        this.socket = socket;
        this.events = events;
        socket.textMessageHandler(this::onText);
        socket.closeHandler(v -> onClose());
        socket.exceptionHandler(failure -> onClose());
        socket.resume();
    }

    static Connection to(SocketAddress node, WebSocketClient webSockets, Consumer<JsonObject> events) throws Exception {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost(node.host())
                .setPort(node.port())
                .setTimeout(TimeUnit.SECONDS.toMillis(CONNECT_SECONDS_MAX))
                .setAllowOriginHeader(false)
                .setURI("/rtm");
        return webSockets
                .connect(options)
                .map(socket -> {
                    socket.pause();
                    return new Connection(socket, events);
                })
                .toCompletionStage()
                .toCompletableFuture()
                .get(2 * CONNECT_SECONDS_MAX, TimeUnit.SECONDS);
    }

    private void onText(String text) {
        heardNanos = System.nanoTime();
        JsonObject frame = new JsonObject(text);
        Long id = frame.getLong("id");
        CompletableFuture<JsonObject> reply = id == null ? null : asked.remove(id);
        if (reply != null) {
            reply.complete(frame);
        } else if (id == null) {
            events.accept(frame);
        }
    }

    private void onClose() {
        closed = true;
        asked.values().forEach(reply -> reply.completeExceptionally(new IllegalStateException("connection lost")));
    }

    boolean isClosed() {
        return closed;
    }

    long silentMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos);
    }

    CompletableFuture<JsonObject> ask(JsonObject request) {
        CompletableFuture<JsonObject> reply = new CompletableFuture<>();
        asked.put(request.getLong("id"), reply);
        send(request);
        if (closed) {
            onClose();
        }
        return reply;
    }

    /** What cannot be sent any more is lost, as the connection is. */
    void send(JsonObject frame) {
        try {
            socket.writeTextMessage(frame.encode());
        } catch (IllegalStateException e) {
            onClose();
        }
    }

    /** Without a word, as a cable is pulled. */
    void drop() {
        ((WebSocketInternal) socket).channelHandlerContext().close();
        onClose();
    }

    void close() {
        socket.close((short) 1000);
    }
}
