// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.junit5.VertxExtension;
import java.net.BindException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The management port tells the truth about the node, over real HTTP. */
@ExtendWith(VertxExtension.class)
class ManagementVerticleTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private volatile Readiness.State state = Readiness.State.not("no shard has a leader yet");
    private ManagementVerticle management;
    private Vertx vertx;

    @BeforeEach
    void start(Vertx vertx) throws Exception {
        this.vertx = vertx;
        management = new ManagementVerticle("127.0.0.1", 0, () -> state, metrics);
        done(vertx.deployVerticle(management));
    }

    @Test
    void node_that_starts_serves_and_drains_says_so() throws Exception {
        expect("/health/live", 200, "{\"status\":\"live\"}");
        expect("/health/started", 503, "{\"status\":\"starting\",\"reason\":\"no shard has a leader yet\"}");
        expect("/health/ready", 503, "{\"status\":\"not ready\",\"reason\":\"no shard has a leader yet\"}");

        state = Readiness.State.SERVING;
        expect("/health/ready", 200, "{\"status\":\"ready\"}");
        expect("/health/started", 200, "{\"status\":\"started\"}");

        state = Readiness.State.not("draining");
        expect("/health/live", 200, "{\"status\":\"live\"}");
        expect("/health/started", 200, "{\"status\":\"started\"}");
        expect("/health/ready", 503, "{\"status\":\"not ready\",\"reason\":\"draining\"}");
    }

    @Test
    void live_fails_while_an_event_loop_does_not_turn() throws Exception {
        management = new ManagementVerticle("127.0.0.1", 0, () -> state, metrics, 1_000);
        done(vertx.deployVerticle(management));
        CountDownLatch end = new CountDownLatch(1);
        Context other = ((VertxInternal) vertx).createEventLoopContext();

        other.runOnContext(v -> waitFor(end));
        eventually(() -> get("/health/live").statusCode() == 503);
        assertThat(get("/health/live").body())
                .startsWith("{\"status\":\"stuck\",\"reason\":\"an event loop has not turned for ");
        expect("/health/ready", 503, "{\"status\":\"not ready\",\"reason\":\"no shard has a leader yet\"}");

        end.countDown();
        eventually(() -> get("/health/live").statusCode() == 200);
    }

    @Test
    void metric_tells_for_how_long_an_event_loop_has_not_turned() {
        CountDownLatch end = new CountDownLatch(1);
        assertThat(stuckSeconds()).isZero();

        ((VertxInternal) vertx).createEventLoopContext().runOnContext(v -> waitFor(end));
        try {
            eventually(() -> stuckSeconds() >= 1);
            eventually(() -> stuckSeconds() >= 2);
        } finally {
            end.countDown();
        }
        eventually(() -> stuckSeconds() == 0);
    }

    private double stuckSeconds() {
        return Scrape.of(management.port()).value("rtm_event_loop_stuck_seconds");
    }

    private static void eventually(Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(condition);
    }

    private static void waitFor(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_is_mounted_gets_its_path_and_what_is_below_and_nothing_else() throws Exception {
        ManagementVerticle more = new ManagementVerticle("127.0.0.1", 0, () -> state, metrics)
                .mount("/admin", request -> request.response().end(request.method() + " " + request.path()));
        done(vertx.deployVerticle(more));
        management = more;

        assertThat(get("/admin").body()).isEqualTo("GET /admin");
        assertThat(get("/admin/locks?q=1").body()).isEqualTo("GET /admin/locks");
        assertThat(get("/administer").statusCode()).isEqualTo(404);
        HttpRequest delete =
                HttpRequest.newBuilder(uri("/admin/locks/l")).DELETE().build();
        assertThat(client.send(delete, BodyHandlers.ofString()).body()).isEqualTo("DELETE /admin/locks/l");
    }

    @Test
    void metrics_hold_what_is_registered_and_those_of_the_process() throws Exception {
        metrics.counter("rtm.test", "result", "ok").increment(3);

        HttpResponse<String> answer = get("/metrics");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
        assertThat(answer.body())
                .contains("rtm_test_total{result=\"ok\"} 3.0")
                .contains(
                        "jvm_memory_used_bytes{",
                        "process_cpu_usage",
                        "process_uptime_seconds",
                        "jvm_threads_live_threads");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health", "/health/ready/", "/metricsx", "/admin"})
    void path_that_is_not_known_is_404_and_names_those_that_are(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
        assertThat(get(path).body()).contains("/health/ready");
    }

    @Test
    void anything_but_reading_is_405() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(uri("/health/ready"))
                .POST(BodyPublishers.ofString("x".repeat(100_000)))
                .build();

        assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    @Test
    void head_has_the_status_and_no_body() throws Exception {
        HttpRequest head = HttpRequest.newBuilder(uri("/health/ready"))
                .method("HEAD", BodyPublishers.noBody())
                .build();

        HttpResponse<String> answer = client.send(head, BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void client_that_offers_http_2_is_answered_by_http_1() throws Exception {
        assertThat(get("/health/live").version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void port_in_use_fails_the_deployment() {
        ManagementVerticle second = new ManagementVerticle("127.0.0.1", management.port(), () -> state, metrics);
        Vertx other = Vertx.vertx();

        assertThatThrownBy(() -> done(other.deployVerticle(second)))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(BindException.class);
        assertThat(other.close().toCompletionStage()).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void undeployed_it_listens_no_more() throws Exception {
        URI before = uri("/health/live");

        done(vertx.undeploy(management.deploymentID()));

        assertThatThrownBy(() -> client.send(HttpRequest.newBuilder(before).build(), BodyHandlers.ofString()))
                .isInstanceOf(ConnectException.class);
    }

    private void expect(String path, int status, String body) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.body()).isEqualTo(body);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + management.port() + path);
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get();
    }
}
