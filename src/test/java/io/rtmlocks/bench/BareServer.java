// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.rtmlocks.FreePorts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.ArrayList;
import java.util.List;

/** Vert.x that listens and does nothing else: alone, or as many as asked for, clustered, in this process. */
final class BareServer {
    private BareServer() {}

    public static void main(String[] arguments) throws Exception {
        int nodes = Integer.parseInt(arguments[0]);
        List<Future<HttpServer>> servers = new ArrayList<>();
        if (nodes == 1) {
            servers.add(listen(Vertx.vertx()));
        } else {
            BareCluster cluster = new BareCluster(FreePorts.some(nodes));
            for (int i = 0; i < nodes; i++) {
                servers.add(cluster.join(i).compose(BareServer::listen));
            }
        }
        Future.all(servers)
                .onSuccess(v -> System.out.println(
                        "ready http://127.0.0.1:" + servers.get(0).result().actualPort() + "/"))
                .onFailure(Throwable::printStackTrace);
    }

    private static Future<HttpServer> listen(Vertx vertx) {
        return vertx.createHttpServer()
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1");
    }
}
