// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.gateway.DemoNodes;
import io.rtmlocks.gateway.RunningNode;
import io.rtmlocks.gateway.TestClient;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The nodes of {@code dev} tell their demo page of each other and let each other's pages in, and no more; others tell nothing. */
class DevNodesTest {

    private static final Map<String, String> SHOP = Map.of("RTM_HTTP_ALLOWED_ORIGINS", "https://shop.example");

    @Test
    void each_node_tells_its_page_of_all_and_lets_their_pages_in_beside_what_was_listed() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (DevCluster cluster = new DevCluster("RTM_HTTP_ALLOWED_ORIGINS", "https://shop.example")) {
            int port = cluster.firstPort();
            JsonArray all = new JsonArray();
            for (int i = 0; i < 3; i++) {
                all.add(new JsonObject()
                        .put("name", "node-" + (i + 1))
                        .put("url", "ws://127.0.0.1:" + (port + i) + "/rtm"));
            }
            for (int i = 0; i < 3; i++) {
                assertThat(toldBy(cluster.node(i))).isEqualTo(new JsonObject().put("nodes", all));
            }

            WebSocketClient webSockets = vertx.createWebSocketClient();
            Node last = cluster.node(2);
            for (String page : List.of("http://localhost:" + port, "http://127.0.0.1:" + (port + 1))) {
                connect(webSockets, last, page).login("alice");
            }
            connect(webSockets, last, "https://shop.example").login("alice");
            for (String page : List.of(
                    "http://localhost:" + (port + 3),
                    "https://localhost:" + port,
                    "http://localhost",
                    "http://192.168.0.1:" + port,
                    "http://node-1:" + port)) {
                assertThat(connect(webSockets, last, page).closeCode()).as(page).isEqualTo(4403);
            }
        } finally {
            RunningNode.await(vertx.close());
        }
    }

    @Test
    void node_that_serves_in_earnest_names_no_other() throws Exception {
        try (RunningNode node = RunningNode.with()) {
            assertThat(toldBy(node.node())).isEqualTo(new JsonObject().put("nodes", new JsonArray()));
        }
    }

    @Test
    void single_node_has_no_other_to_name_and_lets_in_what_was_listed_alone() {
        DevNodes alone = new DevNodes(1, 8_090, SHOP);

        assertThat(alone.demoNodes()).isEqualTo(DemoNodes.NONE);
        Config config = alone.configs().get(0);
        assertThat(config.http().allowedOrigins()).containsExactly("https://shop.example");
        assertThat(config.http().port()).isEqualTo(8_090);
        assertThat(config.management().port()).isEqualTo(9_090);
        assertThat(config.cluster().members()).isEmpty();
    }

    @Test
    void single_node_has_its_management_port_from_the_environment_and_several_have_not() {
        Map<String, String> environment = Map.of("RTM_MANAGEMENT_PORT", "9555");

        assertThat(new DevNodes(1, 8_090, environment)
                        .configs()
                        .get(0)
                        .management()
                        .port())
                .isEqualTo(9_555);
        assertThat(new DevNodes(2, 8_090, environment).configs())
                .extracting(config -> config.management().port())
                .containsExactly(9_090, 9_091);
    }

    @Test
    void highest_port_leaves_room_for_all_others() {
        int port = DevNodes.portMax(3, Map.of());

        assertThat(new DevNodes(3, port, Map.of()).configs().get(2).cluster().busPort())
                .isEqualTo(65_535);
    }

    @Test
    void nodes_are_for_this_machine_alone_and_count_their_ports_upwards() {
        List<Config> configs = new DevNodes(3, null, Map.of()).configs();

        assertThat(configs)
                .extracting(config -> config.node().name() + " " + config.http().host() + ":"
                        + config.http().port() + " " + config.management().port())
                .containsExactly(
                        "node-1 127.0.0.1:8080 9080", "node-2 127.0.0.1:8081 9081", "node-3 127.0.0.1:8082 9082");
        assertThat(configs).allSatisfy(config -> {
            assertThat(config.http().allowedOrigins()).containsExactly("loopback");
            assertThat(config.cluster().members())
                    .containsExactly("127.0.0.1:10080", "127.0.0.1:10081", "127.0.0.1:10082");
        });
    }

    private static JsonObject toldBy(Node node) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + node.httpPort() + "/nodes.json");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        return new JsonObject(answer.body());
    }

    private static TestClient connect(WebSocketClient webSockets, Node node, String page) {
        return TestClient.connect(
                webSockets,
                new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(node.httpPort())
                        .setURI("/rtm")
                        .setHeaders(HttpHeaders.headers().set(HttpHeaders.ORIGIN, page)));
    }
}
