// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A network between a client and a node that can be cut, and be whole again. */
public final class CuttableProxy implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private final NetServer server;
    private volatile boolean isCut;

    public CuttableProxy(int port) throws Exception {
        server = vertx.createNetServer().connectHandler(inbound -> {
            if (isCut) {
                inbound.close();
                return;
            }
            inbound.pause();
            sockets.add(inbound);
            client.connect(port, "127.0.0.1").onSuccess(outbound -> {
                sockets.add(outbound);
                inbound.handler(outbound::write).closeHandler(v -> outbound.close());
                outbound.handler(inbound::write).closeHandler(v -> inbound.close());
                inbound.resume();
            });
        });
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    public int port() {
        return server.actualPort();
    }

    /** Ends what is connected; until it is whole again nobody gets through. */
    public void cut() {
        isCut = true;
        sockets.forEach(NetSocket::close);
        sockets.clear();
    }

    /** Lets nothing through any more, and does not say so. */
    public void fallSilent() {
        sockets.forEach(NetSocket::pause);
    }

    public void mend() {
        isCut = false;
    }

    @Override
    public void close() {
        vertx.close();
    }
}
