// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.DevCluster;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node that ends without having drained sends its clients to others, and nobody takes them for clients that left on purpose. */
class ClosedNodeTest {

    @Test
    void clients_are_closed_with_1001_and_keep_locks_and_places() {
        Vertx vertx = Vertx.vertx();
        try (DevCluster cluster = new DevCluster()) {
            WebSocketClient webSockets = vertx.createWebSocketClient();
            TestClient alice = connect(webSockets, cluster, 0);
            alice.login("alice");
            long token =
                    alice.lock("acquireLock", "l", "create", true, "ttl", 60).getLong("fencingToken");
            TestClient bob = connect(webSockets, cluster, 0);
            bob.login("bob");
            bob.sendLock("acquireLock", "l", "retry", true);
            TestClient carol = connect(webSockets, cluster, 1);
            carol.login("carol");
            carol.eventually("l", lock -> lock.getInteger("waiters") == 1);

            cluster.end(0);

            assertThat(List.of(alice.closeCode(), bob.closeCode())).containsOnly(1001);
            JsonObject back = resume(webSockets, cluster, alice, "alice");
            assertThat(back.getBoolean("resumed")).isTrue();
            assertThat(back.getJsonArray("held").getJsonObject(0).getLong("fencingToken"))
                    .isEqualTo(token);
            JsonObject place = resume(webSockets, cluster, bob, "bob");
            assertThat(place.getJsonArray("waiting").getJsonObject(0).getInteger("position"))
                    .isEqualTo(1);
        } finally {
            RunningNode.await(vertx.close());
        }
    }

    private static JsonObject resume(WebSocketClient webSockets, DevCluster cluster, TestClient former, String userId) {
        TestClient client = connect(webSockets, cluster, 1);
        client.continueIdsOf(former);
        return client.login(userId, former.resumeToken);
    }

    private static TestClient connect(WebSocketClient webSockets, DevCluster cluster, int node) {
        return TestClient.connect(
                webSockets,
                new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(cluster.firstPort() + node)
                        .setURI("/rtm"));
    }
}
