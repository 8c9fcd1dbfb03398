// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import static io.rtmlocks.admin.AdminTest.names;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.gateway.RunningCluster;
import io.rtmlocks.gateway.TestClient;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.Sources;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Any node shows the whole cluster: also what happened before a leader died, and also when a node does not answer. */
class WholeClusterTest {

    @Test
    void three_nodes_show_the_same_and_a_leader_that_dies_takes_no_history_with_it() throws Exception {
        try (RunningCluster cluster = RunningCluster.of(3, "cluster.shards", "4")) {
            List<Operator> operators = cluster.nodes().stream()
                    .map(node -> new Operator(node.managementPort()))
                    .toList();
            TestClient alice = cluster.login(0, "alice");
            alice.lock("setLock", "l");
            alice.lock("acquireLock", "l");

            for (Operator operator : operators) {
                JsonObject all = operator.get("nodes");
                assertThat(names(all, "nodes", "node")).containsExactlyInAnyOrder("n0", "n1", "n2");
                assertThat(names(operator.get("locks"), "locks", "owner")).containsExactly("alice");
                assertThat(names(operator.get("locks/MESSAGE/c/l"), "history", "eventType"))
                        .containsExactly("ACQUIRED", "SET");
                for (Object shard : operator.get("shards").getJsonArray("shards")) {
                    assertThat(((JsonObject) shard).getString("leader")).startsWith("n");
                    assertThat(((JsonObject) shard).getJsonArray("replicas")).hasSize(3);
                }
            }

            operators.get(1).post("locks/MESSAGE/c/l/revoke", new JsonObject());
            assertThat(alice.sessionEvent("LOCK_LOST").getString("cause")).isEqualTo("REVOKED");
            operators.get(2).post("disconnect", new JsonObject().put("userId", "alice"));
            assertThat(alice.closeCode()).isEqualTo(1000);
            assertThat(names(operators.get(0).get("actions"), "actions", "node"))
                    .containsExactly("n2", "n1");

            int dead = leaderOfLock(operators.get(0));
            cluster.end(dead);
            Operator other = operators.get((dead + 1) % 3);
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                JsonObject lock = other.get("locks/MESSAGE/c/l");
                assertThat(lock.containsKey("lock")).isTrue();
                assertThat(names(lock, "history", "eventType")).containsExactly("RELEASED", "ACQUIRED", "SET");
                assertThat(names(lock, "history", "publisher")).startsWith("_admin");
            });
        }
    }

    @Test
    void node_that_does_not_answer_is_shown_as_such_within_seconds() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            NodeBus bus = new NodeBus(vertx, "a.1");
            bus.nodes(new NodeBus.Nodes(Set.of(bus.address(), "node.mute.2", "node.gone.3"), 2));
            vertx.eventBus().consumer("admin.node.mute.2", message -> {});
            Admin admin = new Admin(vertx, new AdminSettings("a", 3, 4, true, ""), new Idle(), bus, Sources.SYSTEM);
            await(admin.open());
            HttpServer server =
                    await(vertx.createHttpServer().requestHandler(admin).listen(0, "127.0.0.1"));
            Operator operator = new Operator(server.actualPort());

            JsonObject nodes = operator.get("nodes");
            assertThat(names(nodes, "nodes", "node")).containsExactlyInAnyOrder("a", "gone", "mute");
            assertThat(nodes.getJsonArray("nodes").stream()
                            .map(JsonObject.class::cast)
                            .filter(each -> each.getBoolean("answers"))
                            .count())
                    .isEqualTo(1);
            JsonObject locks = operator.get("locks");
            assertThat(locks.getJsonArray("silentNodes")).containsExactly("gone", "mute");
            assertThat(locks.getInteger("shardsWithoutLeader")).isEqualTo(4);
            assertThat(operator.send("GET", "locks/MESSAGE/c/l", null).status()).isEqualTo(503);
            Operator.Reply revoked =
                    operator.send("POST", "locks/MESSAGE/c/l/revoke", "{}", "Content-Type", "application/json");
            assertThat(revoked.status()).isEqualTo(503);
            assertThat(revoked.error()).contains("nothing happened");
        } finally {
            await(vertx.close());
        }
    }

    private static int leaderOfLock(Operator operator) {
        return operator.get("shards").getJsonArray("shards").stream()
                .map(JsonObject.class::cast)
                .filter(shard -> shard.getInteger("channels") > 0)
                .mapToInt(shard -> Integer.parseInt(shard.getString("leader").substring(1)))
                .findFirst()
                .orElseThrow();
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(120, TimeUnit.SECONDS);
    }

    /** A node on which nothing happens. */
    private static final class Idle implements AdminNode {
        @Override
        public String clientsUrl() {
            return "";
        }

        @Override
        public String managementUrl() {
            return "";
        }

        @Override
        public String whyNotReady() {
            return "";
        }

        @Override
        public Future<Integer> disconnect(BiPredicate<String, String> which) {
            return Future.succeededFuture(0);
        }

        @Override
        public Future<Void> drain() {
            return Future.succeededFuture();
        }
    }
}
