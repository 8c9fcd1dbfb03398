// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.rtmlocks.telemetry.Limit;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.ServerWebSocketHandshake;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections before they are WebSockets: counted, and each ended when its next request is not there in time, however busily
 * it sends single bytes. From the first on, those that begin too fast do not come here: see {@link Turnstile}.
 */
final class Entrance {

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;

    private final Doors doors;
    private final GatewaySettings.Doors bounds;
    private final Timers timers;
    private final GatewayMeters meters;
    private final Context context;
    private final LongSupplier monotonicMillis;

    /** What listens, with a turnstile before it. */
    private @Nullable Channel guarded;

    /** The timers of the connections that are no WebSockets, which end them. */
    private final Map<Channel, Long> waiting = new HashMap<>();

    /** @param monotonicMillis to be read on any thread */
    Entrance(
            GatewaySettings.Doors bounds,
            Timers timers,
            GatewayMeters meters,
            Context context,
            LongSupplier monotonicMillis) {
        this.doors = new Doors(bounds, timers.millis());
        this.bounds = bounds;
        this.timers = timers;
        this.meters = meters;
        this.context = context;
        this.monotonicMillis = monotonicMillis;
    }

    /** Watches the connections of this server. */
    HttpServer watch(HttpServer server, Handler<HttpServerRequest> handler) {
        return server.connectionHandler(this::onConnection).requestHandler(request -> {
            await(channelOf(request.connection()));
            handler.handle(request);
        });
    }

    private static Channel channelOf(HttpConnection connection) {
        return ((HttpServerConnection) connection).channelHandlerContext().channel();
    }

    private void onConnection(HttpConnection connection) {
        guard(channelOf(connection).parent());
        String address = connection.remoteAddress().hostAddress();
        Limit refusal = doors.opened(address, timers.millis());
        if (refusal != null) {
            meters.refused(refusal);
            close(channelOf(connection));
            return;
        }
        Channel channel = channelOf(connection);
        await(channel);
        channel.closeFuture()
                .addListener(closed -> context.runOnContext(v -> {
                    forget(channel);
                    doors.closed(address);
                }));
    }

    /** What listens shows itself with its first connection only. */
    private void guard(Channel listening) {
        if (!listening.equals(guarded)) {
            guarded = listening;
            Arrivals arrivals = new Arrivals(bounds, monotonicMillis.getAsLong());
            listening
                    .pipeline()
                    .addFirst(new Turnstile(
                            arrivals, monotonicMillis, meters::refused, turn -> context.runOnContext(v -> turn.run())));
        }
    }

    /** Gives the connection its time for one more request. */
    private void await(Channel channel) {
        forget(channel);
        waiting.put(channel, timers.after(bounds.handshakeWithinMs(), () -> {
            meters.refused(Limit.HANDSHAKE_TIME);
            close(channel);
        }));
    }

    private static void close(Channel channel) {
        Future<?> unused = channel.close();
    }

    private void forget(Channel channel) {
        Long timer = waiting.remove(channel);
        if (timer != null) {
            timers.cancel(timer);
        }
    }

    /** @return 0, or the HTTP status that refuses a WebSocket now */
    int refusal(ServerWebSocketHandshake handshake) {
        Limit refusal = doors.handshake(handshake.remoteAddress().hostAddress(), timers.millis());
        if (refusal == null) {
            return 0;
        }
        meters.refused(refusal);
        return refusal == Limit.HANDSHAKES_PER_SECOND ? UNAVAILABLE : TOO_MANY_REQUESTS;
    }

    /** The connection is a WebSocket from now on, and watched as one. */
    void onWebSocket(ServerWebSocket webSocket) {
        forget(((WebSocketInternal) webSocket).channelHandlerContext().channel());
    }

    void sweep() {
        doors.sweep(timers.millis());
    }
}
