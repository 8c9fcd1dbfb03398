// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.gateway.TestClient;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Three processes are one service: clients anywhere, and any node may die. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {

    private static final int LOCKS = 12;
    private static final int LEADERS_SPREAD_SECONDS = 8;
    private static final int AWAY_SECONDS = 12;
    private static final int PATIENT_ATTEMPTS = 20;

    @TempDir
    private static Path directory;

    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new ProcessCluster(
                3, directory, Map.of("RTM_LIMITS_ACQUIRE_PER_SECOND", "0", "RTM_LIMITS_OPS_PER_SECOND", "0"));
        calm(LEADERS_SPREAD_SECONDS);
    }

    private static void calm(int seconds) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(seconds, TimeUnit.SECONDS);
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    /** While a shard changes its leader a request may be refused, or its outcome unknown: the same is asked again. */
    private static JsonObject succeed(TestClient client, String op, Object... fields) {
        JsonObject request = client.request(op, fields);
        JsonObject reply = client.call(request);
        for (int i = 0; i < PATIENT_ATTEMPTS && reply.getBoolean("retryable", false); i++) {
            reply = client.call(request);
        }
        assertThat(reply.getInteger("errorCode")).as(reply.encode()).isZero();
        return reply;
    }

    private static JsonObject acquire(TestClient client, String channel) {
        return succeed(client, "acquireLock", "channel", channel, "lockName", "l", "create", true, "ttl", 30);
    }

    private static String owner(TestClient client, String channel) {
        JsonObject reply = succeed(client, "getLock", "channel", channel);
        return reply.getJsonArray("locks").getJsonObject(0).getString("owner");
    }

    @Test
    @Order(1)
    void a_lock_is_handed_from_one_node_to_another_and_seen_on_a_third() {
        TestClient alice = cluster.login(0, "alice");
        TestClient bob = cluster.login(1, "bob");
        TestClient carol = cluster.login(2, "carol");
        succeed(carol, "subscribe", "channel", "c1");
        JsonObject first = acquire(alice, "c1");
        long waits = bob.send("acquireLock", "channel", "c1", "lockName", "l", "retry", true);
        carol.lockEvent("ACQUIRED");

        succeed(alice, "releaseLock", "channel", "c1", "lockName", "l");

        JsonObject second = bob.reply(waits);
        assertThat(second.getLong("fencingToken")).isGreaterThan(first.getLong("fencingToken"));
        assertThat(carol.lockEvent("RELEASED").getString("previousOwner")).isEqualTo("alice");
        assertThat(carol.lockEvent("ACQUIRED").getString("owner")).isEqualTo("bob");
    }

    @Test
    @Order(2)
    void a_session_goes_on_at_another_node_with_what_it_holds() {
        TestClient alice = cluster.login(0, "alice");
        long token = acquire(alice, "c2").getLong("fencingToken");
        TestClient again = cluster.connect(1);
        again.continueIdsOf(alice);

        JsonObject welcome = again.login("alice", alice.resumeToken);

        assertThat(welcome.getBoolean("resumed")).isTrue();
        assertThat(welcome.getString("sessionId")).isEqualTo(alice.sessionId);
        assertThat(welcome.getJsonArray("held").getJsonObject(0).getLong("fencingToken"))
                .isEqualTo(token);
        assertThat(alice.closeCode()).isEqualTo(4409);
        succeed(again, "releaseLock", "channel", "c2", "lockName", "l", "fencingToken", token);
    }

    @Test
    @Order(3)
    void an_idle_session_goes_on_at_another_node_and_a_forged_token_does_not() {
        TestClient alice = cluster.login(0, "alice");
        TestClient again = cluster.connect(2);
        assertThat(again.login("alice", alice.resumeToken).getBoolean("resumed"))
                .isTrue();
        TestClient mallory = cluster.connect(1);
        assertThat(mallory.login("mallory", again.resumeToken).getBoolean("resumed"))
                .isFalse();
        TestClient forger = cluster.connect(1);
        assertThat(forger.login("alice", again.resumeToken + "x").getBoolean("resumed"))
                .isFalse();
    }

    @Test
    @Order(4)
    void a_killed_node_takes_no_lock_with_it() throws Exception {
        TestClient alice = cluster.login(0, "alice");
        TestClient bob = cluster.login(1, "bob");
        TestClient carol = cluster.login(2, "carol");
        List<Long> tokens = new ArrayList<>();
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < LOCKS; i++) {
            succeed(carol, "subscribe", "channel", "k" + i);
            tokens.add(acquire(alice, "k" + i).getLong("fencingToken"));
            waits.add(bob.send("acquireLock", "channel", "k" + i, "lockName", "l", "retry", true));
        }

        cluster.kill(0);

        TestClient again = resumeAtLast(2, alice);
        assertThat(again.welcome.getJsonArray("held")).hasSize(LOCKS);
        for (int i = 0; i < LOCKS; i++) {
            succeed(again, "releaseLock", "channel", "k" + i, "lockName", "l", "fencingToken", tokens.get(i));
            assertThat(bob.reply(waits.get(i)).getLong("fencingToken")).isGreaterThan(tokens.get(i));
            assertThat(owner(carol, "k" + i)).isEqualTo("bob");
        }
        cluster.restart(0);
        cluster.awaitReady(0);
    }

    /** While no leader is there, a login says so and is to be tried again. */
    private static TestClient resumeAtLast(int node, TestClient former) {
        AssertionError last = new AssertionError("never tried");
        for (int i = 0; i < PATIENT_ATTEMPTS; i++) {
            TestClient again = cluster.connect(node);
            again.continueIdsOf(former);
            try {
                assertThat(again.login("alice", former.resumeToken).getBoolean("resumed"))
                        .isTrue();
                return again;
            } catch (AssertionError e) {
                last = e;
            }
        }
        throw last;
    }

    @Test
    @Order(5)
    void one_node_after_the_other_may_die() throws Exception {
        TestClient alice = cluster.login(2, "alice");
        acquire(alice, "o");
        for (int node = 0; node < 2; node++) {
            cluster.kill(node);
            assertThat(owner(alice, "o")).isEqualTo("alice");
            cluster.restart(node);
            cluster.awaitReady(node);
        }
        assertThat(owner(cluster.login(0, "bob"), "o")).isEqualTo("alice");
    }

    @Test
    @Order(6)
    void a_minority_refuses_and_says_that_nothing_happened() throws Exception {
        TestClient alice = cluster.login(0, "alice");
        acquire(alice, "m");
        cluster.signal(1, "STOP");
        cluster.signal(2, "STOP");
        try {
            JsonObject last = new JsonObject();
            for (int i = 0; i < 10 && last.getInteger("errorCode", 0) != -14009; i++) {
                last = alice.call("acquireLock", "channel", "m" + i, "lockName", "l", "create", true);
            }
            assertThat(last.getInteger("errorCode")).as(last.encode()).isEqualTo(-14009);
            assertThat(last.getBoolean("retryable")).isTrue();
        } finally {
            cluster.signal(1, "CONT");
            cluster.signal(2, "CONT");
        }
        for (int node = 0; node < cluster.size(); node++) {
            assertThat(ownerAtLast(node, "m")).isEqualTo("alice");
        }
        TestClient carol = cluster.login(2, "carol");
        succeed(carol, "subscribe", "channel", "m");
        succeed(alice, "releaseLock", "channel", "m", "lockName", "l");
        seesItFree(carol);
    }

    @Test
    @Order(7)
    void a_node_that_was_away_for_long_finds_back() throws Exception {
        TestClient alice = cluster.login(0, "alice");
        acquire(alice, "w");
        cluster.signal(1, "STOP");
        calm(AWAY_SECONDS);
        cluster.signal(1, "CONT");

        assertThat(ownerAtLast(1, "w")).isEqualTo("alice");
        TestClient bob = cluster.login(1, "bob");
        succeed(bob, "subscribe", "channel", "w");
        succeed(alice, "releaseLock", "channel", "w", "lockName", "l");
        seesItFree(bob);
    }

    @Test
    @Order(8)
    void the_logs_tell_of_nodes_that_died_and_not_of_each_message_lost_with_them() {
        for (int node = 0; node < cluster.size(); node++) {
            assertThat(cluster.logText(node))
                    .contains("\"event\":\"node-left\"")
                    .doesNotContain("Promise already completed");
        }
    }

    /** By the event, or by a fresh snapshot when the shard's leader has changed meanwhile. */
    private static void seesItFree(TestClient client) {
        JsonObject seen = client.take(
                "word that the lock is free",
                frame -> "RELEASED".equals(frame.getString("eventType"))
                        || ("SNAPSHOT".equals(frame.getString("eventType"))
                                && frame.getJsonArray("snapshot")
                                        .getJsonObject(0)
                                        .getString("owner")
                                        .isEmpty()));
        assertThat(seen.getString("event")).isEqualTo("lock");
    }

    /** Whatever a node says until it has found the others again. */
    private static String ownerAtLast(int node, String channel) {
        AssertionError last = new AssertionError("never asked");
        for (int i = 0; i < PATIENT_ATTEMPTS; i++) {
            try {
                return owner(cluster.login(node, "reader"), channel);
            } catch (AssertionError e) {
                last = e;
            }
        }
        throw new AssertionError("node " + node + "; its log: " + cluster.logText(node), last);
    }
}
