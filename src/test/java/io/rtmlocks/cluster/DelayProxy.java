// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.TimeUnit;

/** A long cable to a node: what goes in comes out later, in order, both ways. */
final class DelayProxy {

    private static final long START_SECONDS_MAX = 20;

    private final Vertx vertx;
    private final NetClient client;
    private final SocketAddress target;
    private final long delayMs;
    private final int port;

    DelayProxy(Vertx vertx, SocketAddress target, long delayMs) {
        this.vertx = vertx;
        this.target = target;
        this.delayMs = delayMs;
        client = vertx.createNetClient();
        NetServer server = vertx.createNetServer().connectHandler(this::onConnect);
        try {
            port = server.listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS_MAX, TimeUnit.SECONDS)
                    .actualPort();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    SocketAddress address() {
        return SocketAddress.inetSocketAddress(port, "127.0.0.1");
    }

    private void onConnect(NetSocket near) {
        near.pause();
        client.connect(target)
                .onSuccess(far -> {
                    pass(near, far);
                    pass(far, near);
                    near.resume();
                })
                .onFailure(failure -> near.close());
    }

    private void pass(NetSocket from, NetSocket to) {
        from.handler(bytes -> vertx.setTimer(delayMs, id -> to.write(bytes)));
        from.closeHandler(v -> vertx.setTimer(delayMs, id -> to.close()));
    }
}
