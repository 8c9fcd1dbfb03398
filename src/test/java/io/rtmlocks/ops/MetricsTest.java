// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.gateway.RunningNode;
import io.rtmlocks.gateway.TestClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each number moves for its reason, and by as much, when a client over a real socket gives the reason. */
class MetricsTest {
    private RunningNode node;
    private Scrape before;

    @AfterEach
    void stop() {
        node.close();
    }

    private void start(String... settings) {
        node = RunningNode.with(settings);
        before = scrape();
    }

    private Scrape scrape() {
        return Scrape.of(node.node().managementPort());
    }

    private void expect(String series, double change) {
        assertThat(scrape().since(before, series)).as(series).isEqualTo(change);
    }

    private void eventually(String series, double change) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(scrape().since(before, series)).as(series).isEqualTo(change));
    }

    @Test
    void node_that_serves_alone_leads_all_and_that_drains_is_not_ready() {
        start("cluster.shards", "4");
        assertThat(before.value("rtm_shards_hosted")).isEqualTo(4);
        assertThat(before.value("rtm_shards_led")).isEqualTo(4);
        assertThat(before.value("rtm_shards_without_leader")).isZero();
        assertThat(before.value("rtm_leader_changes_total{change=\"gained\"}")).isEqualTo(4);
        assertThat(before.value("rtm_quorum")).isEqualTo(1);
        assertThat(before.value("rtm_nodes")).isEqualTo(1);
        assertThat(before.value("rtm_cluster_size")).isEqualTo(1);
        assertThat(before.value("rtm_ready")).isEqualTo(1);
        assertThat(before.value("rtm_anonymous"))
                .as("without a login, but for this machine alone")
                .isZero();
        node.login("alice");

        node.node().drain().toCompletionStage().toCompletableFuture().join();

        expect("rtm_ready", -1);
        expect("rtm_connections_closed_total{code=\"1001\"}", 1);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> scrape().since(before, "rtm_event_loop_lag_seconds_count") > 0);
    }

    @Test
    void node_that_is_open_to_all_says_so() {
        start("insecure.anonymous", "true", "http.host", "0.0.0.0");
        assertThat(before.value("rtm_anonymous")).isEqualTo(1);
    }

    @Test
    void connections_and_sessions_come_and_go() {
        start();
        TestClient alice = node.login("alice");
        node.connect();
        expect("rtm_connections", 2);
        expect("rtm_connections_opened_total", 2);
        expect("rtm_sessions{state=\"online\"}", 1);
        expect("rtm_logins_total{result=\"new\"}", 1);
        expect("rtm_commands_total{code=\"0\",op=\"login\"}", 1);

        alice.cut();
        eventually("rtm_connections", 1);
        expect("rtm_sessions{state=\"online\"}", 0);
        expect("rtm_sessions{state=\"offline\"}", 1);
        expect("rtm_connections_closed_total{code=\"peer\"}", 1);

        node.resume("alice", alice);
        expect("rtm_sessions{state=\"online\"}", 1);
        expect("rtm_logins_total{result=\"resumed\"}", 1);
    }

    @Test
    void login_that_is_refused_counts_as_such() {
        start("auth.mode", "jwt", "auth.hmacSecret", "0123456789012345678901234567890123456789");
        assertThat(before.value("rtm_anonymous")).isZero();
        TestClient stranger = node.connect();
        stranger.refused(-10005, "login", "userId", "alice", "token", "no token");
        expect("rtm_logins_total{result=\"refused\"}", 1);
        expect("rtm_commands_total{code=\"-10005\",op=\"login\"}", 1);
        expect("rtm_connections_closed_total{code=\"4401\"}", 1);
        expect("rtm_logins_total{result=\"new\"}", 0);
    }

    @Test
    void frames_and_their_bytes() {
        start();
        TestClient alice = node.login("alice");
        before = scrape();
        String ping = alice.request("ping").encode();
        alice.succeed(new JsonObject(ping));
        expect("rtm_frames_total{direction=\"in\"}", 1);
        expect("rtm_frame_bytes_total{direction=\"in\"}", ping.length());
        expect("rtm_frames_total{direction=\"out\"}", 1);
        assertThat(scrape().since(before, "rtm_frame_bytes_total{direction=\"out\"}"))
                .isBetween(20.0, 200.0);
        expect("rtm_commands_total{code=\"0\",op=\"ping\"}", 1);
    }

    @Test
    void commands_count_once_by_operation_and_code_and_those_of_shards_have_a_latency() {
        start();
        TestClient alice = node.login("alice");
        alice.lock("setLock", "l");
        alice.refused(-14004, alice.lockRequest("setLock", "l"));
        alice.refused(-14008, alice.lockRequest("releaseLock", "other"));
        alice.refused(-14005, alice.lockRequest("setLock", "_"));
        alice.sendText("{");
        alice.sync();
        expect("rtm_commands_total{code=\"0\",op=\"setLock\"}", 1);
        expect("rtm_commands_total{code=\"-14004\",op=\"setLock\"}", 1);
        expect("rtm_commands_total{code=\"-14005\",op=\"setLock\"}", 1);
        expect("rtm_commands_total{code=\"-14008\",op=\"releaseLock\"}", 1);
        expect("rtm_commands_total{code=\"-10014\",op=\"none\"}", 1);
        expect("rtm_command_seconds_count{op=\"setLock\"}", 2);
        assertThat(scrape().since(before, "rtm_command_seconds_sum{op=\"setLock\"}"))
                .isBetween(1e-6, 30.0);
    }

    @Test
    void wait_hand_off_and_hold() {
        start("session.leaveGraceMs", "0");
        TestClient alice = node.login("alice");
        TestClient bob = node.login("bob");
        alice.lock("acquireLock", "l", "create", true);
        long waits = bob.sendLock("acquireLock", "l", "retry", true);
        bob.sync();
        expect("rtm_channels", 1);
        expect("rtm_locks", 1);
        expect("rtm_locks_held", 1);
        expect("rtm_waiters", 1);
        expect("rtm_requests_in_flight", 1);
        alice.lock("releaseLock", "l");
        double waitedMs = bob.reply(waits).getLong("waitedMs");
        expect("rtm_handoffs_total{cause=\"released\"}", 1);
        expect("rtm_lock_events_total{type=\"set\"}", 1);
        expect("rtm_lock_events_total{type=\"acquired\"}", 2);
        expect("rtm_lock_events_total{type=\"released\"}", 1);
        expect("rtm_wait_seconds_count", 1);
        expect("rtm_wait_seconds_sum", waitedMs / 1_000);
        expect("rtm_hold_seconds_count", 1);
        assertThat(scrape().since(before, "rtm_hold_seconds_sum")).isBetween(waitedMs / 1_000, 30.0);
        expect("rtm_waiters", 0);
        expect("rtm_queued_commands", 0);

        bob.lock("acquireLock", "l");
        expect("rtm_wait_seconds_count", 1);
        alice.lock("removeLock", "l");
        expect("rtm_lock_events_total{type=\"removed\"}", 1);
        expect("rtm_hold_seconds_count", 2);
        expect("rtm_locks", 0);
    }

    @Test
    void event_counts_for_every_socket_it_is_written_to() {
        start();
        TestClient alice = node.login("alice");
        TestClient bob = node.login("bob");
        alice.subscribe();
        bob.subscribe();
        alice.lock("setLock", "l");
        bob.lockEvent("SET");
        expect("rtm_subscriptions", 2);
        expect("rtm_events_delivered_total{stream=\"lock\"}", 2);
        expect("rtm_events_delivered_total{stream=\"storage\"}", 0);
        expect("rtm_event_delivery_seconds_count", 1);
        assertThat(scrape().since(before, "rtm_event_delivery_seconds_sum")).isBetween(1e-6, 30.0);
    }

    @Test
    void client_that_does_not_read_falls_behind_and_gets_a_fresh_snapshot() {
        start("limits.opsPerSecond", "0", "limits.bytesPerSecond", "0");
        TestClient alice = node.login("alice");
        TestClient slow = node.login("slow");
        slow.subscribe("withStorage", true);
        slow.pause();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            for (int i = 0; i < 200; i++) {
                alice.succeed("setChannelMetadata", "channel", "c", "data", data("k", i + "x".repeat(15_000)));
            }
            return scrape().since(before, "rtm_subscriptions_fell_behind_total") == 1;
        });
        expect("rtm_snapshots_renewed_total", 0);
        slow.resume();
        eventually("rtm_snapshots_renewed_total", 1);
    }

    @Test
    void client_that_does_not_read_its_replies_is_cut_in_the_end() {
        start("limits.queuedBytesPerConnection", "200000", "limits.bytesPerSecond", "0");
        TestClient slow = node.login("slow");
        slow.succeed("setChannelMetadata", "channel", "c", "data", data("k", "x".repeat(15_000)));
        slow.pause();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            for (int i = 0; i < 200; i++) {
                slow.send("getChannelMetadata", "channel", "c");
            }
            return scrape().since(before, "rtm_slow_consumer_cuts_total") == 1;
        });
        expect("rtm_refusals_total{limit=\"queued_bytes\"}", 1);
        expect("rtm_connections_closed_total{code=\"1013\"}", 1);
    }

    private static JsonArray data(String key, String value) {
        return new JsonArray().add(new JsonObject().put("key", key).put("value", value));
    }

    static Stream<Arguments> limits() {
        return Stream.of(
                limit("acquire_per_second", "limits.acquirePerSecond", "1", a -> twice(a, "acquireLock", "l")),
                limit("ops_per_second", "limits.opsPerSecond", "1", a -> twice(a, "getLock", "l")),
                limit("in_flight_per_session", "limits.inFlightPerSession", "1", a -> {
                    a.sendLock("acquireLock", "l", "create", true, "retry", true);
                    a.sendLock("acquireLock", "l", "retry", true);
                    a.sendLock("setLock", "m");
                }),
                limit("subscriptions_per_session", "limits.subscriptionsPerSession", "1", a -> {
                    a.send("subscribe", "channel", "c");
                    a.send("subscribe", "channel", "d");
                }),
                limit("locks_per_channel", "limits.locksPerChannel", "1", a -> {
                    a.sendLock("setLock", "l");
                    a.sendLock("setLock", "m");
                }),
                limit("channels_per_shard", "limits.channelsPerShard", "1", a -> {
                    for (int i = 0; i < 18; i++) {
                        a.send("setChannelMetadata", "channel", "c" + i, "data", data("k", "v"));
                    }
                }),
                limit(
                        "metadata_bytes",
                        "limits.metadataBytes",
                        "1",
                        a -> a.send("setChannelMetadata", "channel", "c", "data", data("key", "value"))),
                limit("frame_bytes", "http.frameBytesMax", "1024", a -> a.sendText("x".repeat(2_000))),
                limit("bad_frames", "limits.badFramesPerMinute", "1", a -> a.sendText("{")));
    }

    private static Arguments limit(String limit, String key, String value, Consumer<TestClient> overIt) {
        return Arguments.of(limit, key, value, overIt);
    }

    private static void twice(TestClient client, String op, String lock) {
        client.sendLock(op, lock);
        client.sendLock(op, lock);
    }

    @ParameterizedTest
    @MethodSource("limits")
    void refusal_counts_under_its_limit(String limit, String key, String value, Consumer<TestClient> overIt) {
        start(key, value);
        overIt.accept(node.login("alice"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> scrape().since(before, "rtm_refusals_total{limit=\"" + limit + "\"}") >= 1);
        Scrape after = scrape();
        assertThat(after.series().keySet().stream()
                        .filter(each -> each.startsWith("rtm_refusals_total"))
                        .filter(each -> after.since(before, each) > 0))
                .containsExactly("rtm_refusals_total{limit=\"" + limit + "\"}");
    }

    @Test
    void connection_without_a_login_is_refused_in_time() {
        start("session.loginWithinMs", "100");
        assertThat(node.connect().closeCode()).isEqualTo(4408);
        expect("rtm_refusals_total{limit=\"login_time\"}", 1);
        expect("rtm_connections_closed_total{code=\"4408\"}", 1);
    }

    @Test
    void connection_more_than_allowed_is_refused() {
        start("limits.connections", "1");
        node.login("alice");
        assertThat(node.connect().closeCode()).isEqualTo(1013);
        expect("rtm_refusals_total{limit=\"connections\"}", 1);
        expect("rtm_connections_closed_total{code=\"1013\"}", 1);
    }

    @Test
    void queue_of_a_lock_that_is_full() {
        start("limits.waitersPerLock", "0");
        node.login("alice").lock("acquireLock", "l", "create", true);
        TestClient bob = node.login("bob");
        bob.refused(-14007, bob.lockRequest("acquireLock", "l", "retry", true));
        expect("rtm_refusals_total{limit=\"waiters_per_lock\"}", 1);
    }
}
