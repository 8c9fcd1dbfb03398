// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;

/**
 * The least that a WebSocket server of Vert.x can do for the same conversation: what the transport alone allows. As {@code floor}
 * it keeps locks, as {@code echo} it reads a request, keeps nothing, and writes an answer of the same kind.
 */
final class FloorServer {
    private final FloorLocks locks = new FloorLocks();
    private final boolean echo;

    FloorServer(boolean echo) {
        this.echo = echo;
    }

    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        new FloorServer(arguments[0].equals("echo"))
                .listen(vertx)
                .onSuccess(server -> System.out.println("ready http://127.0.0.1:" + server.actualPort() + "/"))
                .onFailure(Throwable::printStackTrace);
    }

    Future<HttpServer> listen(Vertx vertx) {
        HttpServerOptions options = new HttpServerOptions()
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setTcpNoDelay(true);
        return vertx.createHttpServer(options)
                .webSocketHandler(this::onWebSocket)
                .listen(0, "127.0.0.1");
    }

    private void onWebSocket(ServerWebSocket socket) {
        new Connection(socket);
    }

    /** One client. */
    private final class Connection {
        private final ServerWebSocket socket;
        private FloorLocks.Client client;

        Connection(ServerWebSocket socket) {
            this.socket = socket;
            socket.textMessageHandler(this::onText);
            socket.closeHandler(v -> {
                if (client != null && !echo) {
                    locks.leave(client);
                }
            });
        }

        private void onText(String text) {
            FlatFrame frame = FlatFrame.read(text);
            if (echo) {
                echo(frame);
                return;
            }
            switch (frame.op) {
                case "login" -> login(frame);
                case "acquireLock" -> locks.acquire(client, frame);
                case "releaseLock" -> locks.release(client, frame);
                case "subscribe" -> locks.subscribe(client, frame);
                default -> socket.writeTextMessage(FloorLocks.failure(frame.id, -10014));
            }
        }

        private void login(FlatFrame frame) {
            client = new FloorLocks.Client(frame.userId, socket::writeTextMessage);
            echo(frame);
        }

        private void echo(FlatFrame frame) {
            socket.writeTextMessage(FloorLocks.head(frame.id)
                    .append(",\"channel\":\"")
                    .append(frame.channel)
                    .append("\",\"channelType\":\"MESSAGE\",\"lockName\":\"")
                    .append(frame.lockName)
                    .append("\",\"owner\":\"")
                    .append(frame.userId)
                    .append("\"}")
                    .toString());
        }
    }
}
