// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two clients take turns with a lock, over real sockets. */
class FirstLookTest {

    private final RunningNode node = RunningNode.with();

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void waiter_getsTheLockWhenItIsReleased() {
        TestClient alice = node.login("alice");
        TestClient bob = node.login("bob");
        bob.call("subscribe", "channel", "c");
        bob.lockEvent("SNAPSHOT");
        assertThat(alice.call("setLock", "channel", "c", "lockName", "l", "ttl", 30)
                        .getInteger("ttl"))
                .isEqualTo(30);
        JsonObject first = alice.call("acquireLock", "channel", "c", "lockName", "l");
        long waits = bob.send("acquireLock", "channel", "c", "lockName", "l", "retry", true);
        bob.sync();
        alice.call("releaseLock", "channel", "c", "lockName", "l");
        JsonObject second = bob.reply(waits);
        assertThat(second.getLong("fencingToken")).isGreaterThan(first.getLong("fencingToken"));
        assertThat(bob.lockEvent("RELEASED").getLong("seq")).isEqualTo(3);
        assertThat(bob.lockEvent("ACQUIRED").getString("owner")).isEqualTo("alice");
        assertThat(bob.lockEvent("ACQUIRED").getString("owner")).isEqualTo("bob");
    }

    @Test
    void reconnect_keepsTheLock_andCloseReleasesIt() {
        TestClient alice = node.login("alice");
        alice.call("acquireLock", "channel", "c", "lockName", "l", "create", true);
        alice.cut();
        TestClient again = node.connect();
        JsonObject login = again.login("alice", alice.resumeToken);
        assertThat(login.getBoolean("resumed")).isTrue();
        assertThat(login.getJsonArray("held").getJsonObject(0).getString("lockName"))
                .isEqualTo("l");
        TestClient bob = node.login("bob");
        long waits = bob.send("acquireLock", "channel", "c", "lockName", "l", "retry", true);
        bob.sync();
        again.close(1000);
        assertThat(bob.reply(waits).getString("owner")).isEqualTo("bob");
    }

    @Test
    void lossToldToADeadConnection_isToldAgainOnTheNext() {
        TestClient alice = node.login("alice");
        alice.ignoreHeartbeats();
        alice.call("acquireLock", "channel", "c", "lockName", "l", "create", true);
        node.login("bob").call("revokeLock", "channel", "c", "lockName", "l");
        alice.sessionEvent("LOCK_LOST");
        TestClient again = node.connect();
        again.login("alice", alice.resumeToken);
        assertThat(again.sessionEvent("LOCK_LOST").getString("cause")).isEqualTo("REVOKED");
    }
}
