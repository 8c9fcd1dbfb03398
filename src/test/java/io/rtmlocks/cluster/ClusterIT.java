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
    private static final int AWAY_SECONDS = 12;
    private static final int PATIENT_ATTEMPTS = 20;

    @TempDir
    private static Path directory;

    private static ProcessCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = new ProcessCluster(
                3, directory, Map.of("RTM_LIMITS_ACQUIRE_PER_SECOND", "0", "RTM_LIMITS_OPS_PER_SECOND", "0"));
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    private static JsonObject acquire(TestClient client, String channel) {
        return client.succeed("acquireLock", "channel", channel, "lockName", "l", "create", true, "ttl", 30);
    }

    private static String owner(TestClient client, String channel) {
        JsonObject reply = client.succeed("getLock", "channel", channel);
        return reply.getJsonArray("locks").getJsonObject(0).getString("owner");
    }

    @Test
    @Order(1)
    void a_lock_is_handed_from_one_node_to_another_and_seen_on_a_third() {
        TestClient alice = cluster.login(0, "alice");
        TestClient bob = cluster.login(1, "bob");
        TestClient carol = cluster.login(2, "carol");
        carol.succeed("subscribe", "channel", "c1");
        JsonObject first = acquire(alice, "c1");
        long waits = bob.send("acquireLock", "channel", "c1", "lockName", "l", "retry", true);
        carol.lockEvent("ACQUIRED");

        alice.succeed("releaseLock", "channel", "c1", "lockName", "l");

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
        again.succeed("releaseLock", "channel", "c2", "lockName", "l", "fencingToken", token);
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
            carol.succeed("subscribe", "channel", "k" + i);
            tokens.add(acquire(alice, "k" + i).getLong("fencingToken"));
            waits.add(bob.send("acquireLock", "channel", "k" + i, "lockName", "l", "retry", true));
        }

        cluster.kill(0);

        TestClient again = cluster.connect(2);
        again.continueIdsOf(alice);
        JsonObject welcome = resumeAtLast(again, alice);
        assertThat(welcome.getJsonArray("held")).hasSize(LOCKS);
        for (int i = 0; i < LOCKS; i++) {
            again.succeed("releaseLock", "channel", "k" + i, "lockName", "l", "fencingToken", tokens.get(i));
            assertThat(bob.reply(waits.get(i)).getLong("fencingToken")).isGreaterThan(tokens.get(i));
            assertThat(owner(carol, "k" + i)).isEqualTo("bob");
        }
        cluster.restart(0);
        cluster.awaitReady(0);
    }

    /** While no leader is there, a login says so and is to be tried again. */
    private static JsonObject resumeAtLast(TestClient again, TestClient former) {
        JsonObject welcome = again.login("alice", former.resumeToken);
        assertThat(welcome.getBoolean("resumed")).isTrue();
        return welcome;
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
        carol.succeed("subscribe", "channel", "m");
        alice.succeed("releaseLock", "channel", "m", "lockName", "l");
        assertThat(carol.lockEvent("RELEASED").getString("previousOwner")).isEqualTo("alice");
    }

    @Test
    @Order(7)
    void a_node_that_was_away_for_long_finds_back() throws Exception {
        TestClient alice = cluster.login(0, "alice");
        acquire(alice, "w");
        cluster.signal(1, "STOP");
        boolean unused = new CountDownLatch(1).await(AWAY_SECONDS, TimeUnit.SECONDS);
        cluster.signal(1, "CONT");

        assertThat(ownerAtLast(1, "w")).isEqualTo("alice");
        TestClient bob = cluster.login(1, "bob");
        bob.succeed("subscribe", "channel", "w");
        releaseAtLast(alice, "w");
        assertThat(bob.lockEvent("RELEASED").getString("previousOwner")).isEqualTo("alice");
    }

    private static void releaseAtLast(TestClient client, String channel) {
        JsonObject reply = new JsonObject();
        JsonObject request = client.request("releaseLock", "channel", channel, "lockName", "l");
        for (int i = 0; i < PATIENT_ATTEMPTS && reply.getInteger("errorCode", -1) != 0; i++) {
            reply = client.call(request);
        }
        assertThat(reply.getInteger("errorCode")).as(reply.encode()).isZero();
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
