// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/** An {@link Offender} at work, between {@link #begin} and {@link #end}; on one context. */
final class Pressing {

    private static final int CONNECTING_MAX = 1_000;
    private static final int STATUS_INDEX = "HTTP/1.1 ".length();
    private static final Buffer UPGRADE =
            Buffer.buffer("GET /rtm HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

    private final Vertx vertx;
    private final Context context;
    private final WebSocketClient webSockets;
    private final WebSocketConnectOptions place;
    private final Offender offender;
    private final NetClient strangers;
    private @Nullable WebSocket socket;
    private boolean isOn;
    private boolean isConnecting;
    private int connecting;
    private long timer;
    private long id;
    private volatile long asked;
    private volatile long ended;

    Pressing(Vertx vertx, WebSocketClient webSockets, WebSocketConnectOptions place, Offender offender) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.webSockets = webSockets;
        this.place = place;
        this.offender = offender;
        this.strangers = vertx.createNetClient();
    }

    Future<Void> begin() {
        return onContext(() -> {
            isOn = true;
            timer = vertx.setPeriodic(1, 1_000 / offender.timesPerSecond(), tick -> onTick());
        });
    }

    Future<Void> end() {
        return onContext(() -> {
            isOn = false;
            vertx.cancelTimer(timer);
            if (socket != null) {
                socket.close();
            }
        });
    }

    private Future<Void> onContext(Runnable action) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(v -> {
            action.run();
            done.complete();
        });
        return done.future();
    }

    /** How often it asked, in all. */
    long asked() {
        return asked;
    }

    /** How many of its connections were refused, or ended by the node. */
    long ended() {
        return ended;
    }

    private void onTick() {
        int now = offender.perSecond() / offender.timesPerSecond();
        if (offender.isStranger()) {
            for (int i = 0; i < now && connecting < CONNECTING_MAX; i++) {
                knock();
            }
            return;
        }
        if (socket == null) {
            connect();
        }
        for (int i = 0; i < now && socket != null; i++) {
            asked++;
            offender.ask(socket, ++id);
        }
    }

    private void connect() {
        if (isConnecting) {
            return;
        }
        isConnecting = true;
        webSockets.connect(place).onComplete(connected -> {
            isConnecting = false;
            if (connected.succeeded() && isOn) {
                enter(connected.result());
            } else if (connected.succeeded()) {
                connected.result().close();
            }
        });
    }

    private void enter(WebSocket entered) {
        socket = entered;
        id = 1;
        entered.textMessageHandler(text -> {});
        entered.closeHandler(v -> {
            ended += isOn ? 1 : 0;
            socket = null;
        });
        entered.writeTextMessage("{\"id\":1,\"op\":\"login\",\"userId\":\"offender\"}");
    }

    /** Connects with as little work as can be, for it takes place on the node's own processors. */
    private void knock() {
        connecting++;
        asked++;
        strangers.connect(place.getPort(), place.getHost()).onComplete(connected -> {
            if (connected.failed()) {
                connecting--;
                ended++;
            } else {
                enter(connected.result());
            }
        });
    }

    /** It may be told that it may not enter, or just be sent away. */
    private void enter(NetSocket stranger) {
        boolean[] isLetIn = {false};
        stranger.exceptionHandler(e -> {});
        stranger.handler(answer -> {
            isLetIn[0] = answer.getByte(STATUS_INDEX) == '1';
            stranger.close();
        });
        stranger.closeHandler(v -> {
            connecting--;
            ended += isLetIn[0] ? 0 : 1;
        });
        stranger.write(UPGRADE);
    }
}
