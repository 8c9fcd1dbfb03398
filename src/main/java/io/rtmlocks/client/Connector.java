// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;

/** Opens WebSockets to a node, as no page does: without an origin. */
final class Connector {
    private static final int FRAME_BYTES_MAX = 8 << 20;

    private final WebSocketClient webSockets;
    private final long withinMillis;

    /** @param withinMillis after which a connection that is not there fails */
    Connector(Vertx vertx, long withinMillis) {
        this.webSockets = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setConnectTimeout((int) withinMillis)
                .setMaxFrameSize(FRAME_BYTES_MAX)
                .setMaxMessageSize(FRAME_BYTES_MAX));
        this.withinMillis = withinMillis;
    }

    Future<WebSocket> connect(String url) {
        return webSockets.connect(new WebSocketConnectOptions()
                .setAbsoluteURI(url)
                .setTimeout(withinMillis)
                .setAllowOriginHeader(false));
    }
}
