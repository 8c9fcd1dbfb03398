// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.util.Locale;

/** Somebody who asks for ten times of what a default limit allows, and comes again when thrown out. */
enum Offender {
    ACQUIRES(10 * 10) {
        @Override
        void ask(WebSocket socket, long id) {
            send(socket, id, "acquireLock\",\"create\":true,\"channel\":\"o\",\"lockName\":\"l\"");
        }
    },
    OPERATIONS(10 * 20) {
        @Override
        void ask(WebSocket socket, long id) {
            send(socket, id, "setLock\",\"ifExists\":\"keep\",\"channel\":\"o\",\"lockName\":\"l\"");
        }
    },
    /** Sixteen kilobytes a piece. */
    BYTES(10 * (1 << 20) / (16 << 10)) {
        @Override
        void ask(WebSocket socket, long id) {
            send(socket, id, "ping\",\"x\":\"" + "x".repeat(16 << 10) + '"');
        }
    },
    /** Requests that are under way at a time: all in one go. */
    REQUESTS(10 * 1_000) {
        @Override
        void ask(WebSocket socket, long id) {
            send(socket, id, "getChannelMetadata\",\"channel\":\"o\"");
        }

        @Override
        int timesPerSecond() {
            return 1;
        }
    },
    SUBSCRIPTIONS(10 * 100) {
        @Override
        void ask(WebSocket socket, long id) {
            send(socket, id, "subscribe\",\"channel\":\"o" + id % 1_000 + '"');
        }
    },
    FRAME(10) {
        @Override
        void ask(WebSocket socket, long id) {
            send(socket, id, "ping\",\"x\":\"" + "x".repeat(10 * (64 << 10)) + '"');
        }
    },
    FRAGMENTS(10) {
        @Override
        void ask(WebSocket socket, long id) {
            socket.writeFrame(WebSocketFrame.textFrame("{", false));
            for (int i = 0; i < 10 * 1_024 && !socket.isClosed(); i++) {
                socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(" "), false));
            }
        }
    },
    NOISE(10 * 20) {
        @Override
        void ask(WebSocket socket, long id) {
            socket.writeTextMessage("noise");
        }
    },
    /** Connections that begin in a second. */
    HANDSHAKES(10 * 500);

    private final int perSecond;

    Offender(int perSecond) {
        this.perSecond = perSecond;
    }

    /** Asks once; a stranger has nothing to ask. */
    void ask(WebSocket socket, long id) {}

    int perSecond() {
        return perSecond;
    }

    /** In how many parts a second's requests are asked. */
    int timesPerSecond() {
        return isStranger() ? 100 : 10;
    }

    /** Whether it only connects, and never asks. */
    boolean isStranger() {
        return this == HANDSHAKES;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static void send(WebSocket socket, long id, String rest) {
        socket.writeTextMessage("{\"id\":" + id + ",\"op\":\"" + rest + "}");
    }
}
