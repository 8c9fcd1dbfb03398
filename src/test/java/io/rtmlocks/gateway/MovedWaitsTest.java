// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session goes on at another node: what it waits for is answered there, also to a client that does not ask again (§1). */
class MovedWaitsTest {
    private static final String SECRET = "0123456789012345678901234567890123456789";

    private final RunningCluster cluster =
            RunningCluster.of(2, "auth.mode", "jwt", "auth.hmacSecret", SECRET, "cluster.shards", "2");

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void waits_are_answered_at_the_other_node_or_refused_there_when_the_right_is_gone() {
        TestClient alice = login(0, "alice", "*=*", null);
        alice.lock("acquireLock", "l", "create", true);
        alice.lock("acquireLock", "forbidden", "create", true);
        TestClient bob = login(0, "bob", "*=*", null);
        long goesOn = bob.sendLock("acquireLock", "l", "retry", true);
        long ends = bob.sendLock("acquireLock", "forbidden", "retry", true);
        alice.eventually("forbidden", view -> view.getInteger("waiters") == 1);
        bob.cut();

        TestClient moved = login(1, "bob", "c/l=acquire", bob);

        assertThat(moved.welcome.getBoolean("resumed")).isTrue();
        assertThat(moved.welcome.getJsonArray("waiting")).hasSize(1);
        TestClient.refusal(-14010, moved.reply(ends));
        alice.eventually("forbidden", view -> view.getInteger("waiters") == 0);
        alice.lock("releaseLock", "l");
        JsonObject grant = moved.reply(goesOn);
        assertThat(grant.getInteger("errorCode")).isZero();
        assertThat(grant.getString("owner")).isEqualTo("bob");
    }

    /** Who was told its place goes on being told, though its second node has never seen the request. */
    @Test
    void places_are_told_at_the_other_node_and_after_another_loss_there() {
        TestClient alice = login(0, "alice", "*=*", null);
        alice.lock("acquireLock", "l", "create", true);
        TestClient first = login(0, "first", "*=*", null);
        first.sendLock("acquireLock", "l", "retry", true);
        alice.eventually("l", view -> view.getInteger("waiters") == 1);
        TestClient bob = login(0, "bob", "*=*", null);
        bob.sendLock("acquireLock", "l", "retry", true, "withPosition", true);
        assertThat(bob.sessionEvent("WAITING").getInteger("position")).isEqualTo(2);
        bob.cut();
        TestClient moved = login(1, "bob", "*=*", bob);
        moved.cut();
        TestClient again = login(1, "bob", "*=*", moved);

        first.lock("cancelAcquire", "l");

        again.take("the first place", frame -> Integer.valueOf(1).equals(frame.getInteger("position")));
    }

    private TestClient login(int node, String user, String allow, @Nullable TestClient former) {
        TestClient client = cluster.connect(node);
        String token = new TokenDraft(user, Instant.now().plusSeconds(600))
                .allow(List.of(allow))
                .sign(TokenKey.ofSecret(SECRET));
        JsonObject request;
        if (former == null) {
            request = client.request("login", "userId", user, "token", token);
        } else {
            client.continueIdsOf(former);
            request = client.request("login", "userId", user, "token", token, "resumeToken", former.resumeToken);
        }
        client.welcome = client.succeed(request);
        client.resumeToken = client.welcome.getString("resumeToken");
        return client;
    }
}
