// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.gateway.RunningNode;
import io.rtmlocks.gateway.TestClient;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators see and do at a node, over real HTTP, and what its clients see of that. */
class AdminTest {
    private static final JsonObject NOTHING = new JsonObject();

    private final RunningNode node = RunningNode.unhurried("lock.ttlMinSeconds", "1");
    private final Operator operator = new Operator(node.node().managementPort());

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void every_call_is_described_and_answers_as_described() throws Exception {
        assertThat(new OpenApi().calls())
                .isEqualTo(Arrays.stream(Route.values()).map(Route::documented).collect(Collectors.toSet()));
        TestClient alice = owner("alice", "l");
        TestClient bob = node.login("bob");
        bob.sendLock("acquireLock", "l", "retry", true);
        bob.sync();

        assertThat(operator.get("nodes").getJsonArray("nodes")).hasSize(1);
        assertThat(operator.get("shards").getJsonArray("shards")).hasSize(16);
        assertThat(names(operator.get("channels"), "channels", "channel")).containsExactly("c");
        assertThat(names(operator.get("locks"), "locks", "lockName")).containsExactly("l");
        operator.get("locks/MESSAGE/c/l");
        operator.post("locks/MESSAGE/c/l/revoke", NOTHING);
        operator.post("locks/MESSAGE/c/l/remove", NOTHING);
        operator.post("disconnect", new JsonObject().put("userId", "alice"));
        operator.post("nodes/node-1/drain", NOTHING);
        assertThat(names(operator.get("actions"), "actions", "action"))
                .containsExactly("drain", "disconnect", "remove", "revoke");

        assertThat(operator.called()).containsExactlyInAnyOrder(Route.values());
        assertThat(operator.page("/admin/openapi.yaml").body()).isEqualTo(Files.readString(OpenApi.FILE));
        assertThat(alice.closeCode()).isEqualTo(1000);
        assertThat(bob.closeCode()).isEqualTo(1001);
    }

    @Test
    void the_description_is_no_sieve() {
        OpenApi api = new OpenApi();
        JsonObject nodes = operator.get("nodes");
        assertThat(api.fits("Nodes", nodes)).isTrue();
        assertThat(api.fits("Nodes", nodes.copy().put("more", 1))).isFalse();
        nodes.getJsonArray("nodes").getJsonObject(0).put("ready", "yes");
        assertThat(api.fits("Nodes", nodes)).isFalse();
    }

    @Test
    void lock_shows_who_has_it_who_waits_and_who_had_it_when() {
        TestClient alice = owner("alice", "l");
        TestClient bob = node.login("bob");
        long waiting = bob.sendLock("acquireLock", "l", "retry", true);
        bob.sync();

        JsonObject lock = operator.get("locks/MESSAGE/c/l").getJsonObject("lock");
        assertThat(lock.getJsonObject("heldBy").getString("sessionId")).isEqualTo(alice.sessionId);
        assertThat(lock.getJsonObject("heldBy").getString("node")).isEqualTo("node-1");
        JsonObject waiter = lock.getJsonArray("queue").getJsonObject(0);
        assertThat(waiter.getString("userId")).isEqualTo("bob");
        assertThat(waiter.getString("sessionId")).isEqualTo(bob.sessionId);
        assertThat(waiter.getBoolean("online")).isTrue();

        alice.lock("releaseLock", "l");
        bob.reply(waiting);
        JsonObject after = operator.get("locks/MESSAGE/c/l");
        assertThat(names(after, "history", "eventType")).containsExactly("ACQUIRED", "RELEASED", "ACQUIRED", "SET");
        assertThat(names(after, "holds", "owner")).containsExactly("bob", "alice");
        JsonObject now = after.getJsonArray("holds").getJsonObject(0);
        JsonObject before = after.getJsonArray("holds").getJsonObject(1);
        assertThat(now.containsKey("until")).isFalse();
        assertThat(before.getString("ended")).isEqualTo("RELEASED");
        assertThat(before.getLong("until")).isBetween(before.getLong("from"), now.getLong("from"));
        assertThat(before.getLong("fencingToken")).isLessThan(now.getLong("fencingToken"));
    }

    @Test
    void lock_of_an_owner_that_is_away_shows_how_long_it_has() {
        TestClient alice = node.login("alice");
        alice.lock("setLock", "l", "ttl", 200);
        alice.lock("acquireLock", "l");
        alice.cut();
        TestClient bob = node.login("bob");
        bob.eventually("l", view -> !view.getBoolean("ownerOnline"));

        assertThat(operator.get("locks/MESSAGE/c/l").getJsonObject("lock").getLong("expiresInMs"))
                .isBetween(1L, 200_000L);
    }

    @Test
    void revoke_looks_to_clients_like_any_revocation() {
        TestClient alice = owner("alice", "l");
        alice.subscribe();
        TestClient bob = node.login("bob");
        bob.subscribe();
        long waiting = bob.sendLock("acquireLock", "l", "retry", true);
        bob.sync();

        Operator.Reply other = operator.send(
                "POST", "locks/MESSAGE/c/l/revoke", "{\"owner\":\"carol\"}", "Content-Type", "application/json");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.error()).contains("'alice'");
        assertThat(operator.post("locks/MESSAGE/c/l/revoke", new JsonObject().put("owner", "alice"))
                        .getString("owner"))
                .isEqualTo("alice");

        JsonObject first = alice.next();
        assertThat(first.getString("type")).isEqualTo("LOCK_LOST");
        assertThat(first.getString("cause")).isEqualTo("REVOKED");
        JsonObject released = alice.next();
        assertThat(released.getString("eventType")).isEqualTo("RELEASED");
        assertThat(released.getString("cause")).isEqualTo("REVOKED");
        assertThat(released.getString("publisher")).isEqualTo("_admin");
        assertThat(alice.next().getString("owner")).isEqualTo("bob");
        assertThat(bob.reply(waiting).getString("owner")).isEqualTo("bob");
        assertThat(names(operator.get("actions"), "actions", "result"))
                .containsExactly("done", "the lock is owned by 'alice', not by whom you named");
        assertThat(operator.get("shards").getJsonArray("shards").stream()
                        .mapToInt(shard -> ((JsonObject) shard).getInteger("channels"))
                        .sum())
                .isEqualTo(1);
    }

    @Test
    void removed_lock_is_gone_but_its_past_is_known() {
        TestClient alice = owner("alice", "l");

        operator.post("locks/MESSAGE/c/l/remove", NOTHING);

        assertThat(alice.sessionEvent("LOCK_LOST").getString("cause")).isEqualTo("REMOVED");
        JsonObject gone = operator.get("locks/MESSAGE/c/l");
        assertThat(gone.containsKey("lock")).isFalse();
        assertThat(names(gone, "history", "publisher")).containsExactly("_admin", "alice", "alice");
        assertThat(operator.send("GET", "locks/MESSAGE/c/other", null).status()).isEqualTo(404);
    }

    @Test
    void disconnect_ends_one_session_or_all_of_a_user() {
        TestClient alice = owner("alice", "l");
        TestClient alsoAlice = node.login("alice");
        TestClient bob = node.login("bob");

        JsonObject one = operator.post("disconnect", new JsonObject().put("sessionId", alsoAlice.sessionId));
        assertThat(one.getInteger("disconnected")).isEqualTo(1);
        assertThat(alsoAlice.closeCode()).isEqualTo(1000);
        bob.eventually("l", view -> view.getString("owner").equals("alice"));

        operator.post("disconnect", new JsonObject().put("userId", "alice"));
        assertThat(alice.closeCode()).isEqualTo(1000);
        bob.eventually("l", view -> view.getString("owner").isEmpty());
        assertThat(names(operator.get("locks/MESSAGE/c/l"), "holds", "ended")).containsExactly("LOGOUT");
        TestClient back = node.connect();
        assertThat(back.login("alice", alice.resumeToken).getBoolean("resumed")).isFalse();
        assertThat(operator.post("disconnect", new JsonObject().put("userId", "nobody"))
                        .getInteger("disconnected"))
                .isZero();
    }

    @Test
    void lists_are_in_order_filtered_and_in_pages() {
        TestClient alice = node.login("alice");
        for (String channel : List.of("b", "a", "c")) {
            for (String lock : List.of("2", "1")) {
                alice.succeed("setLock", "channel", channel, "lockName", channel + lock);
            }
        }
        alice.succeed("acquireLock", "channel", "b", "lockName", "b1");
        alice.succeed("setLock", "channel", "a", "channelType", "STREAM", "lockName", "s + ?");

        JsonObject first = operator.get("locks?limit=3");
        assertThat(names(first, "locks", "lockName")).containsExactly("a1", "a2", "s + ?");
        JsonObject second = operator.get("locks?limit=3&after="
                + first.getString("next")
                        .replace("+", "%2B")
                        .replace("?", "%3F")
                        .replace(" ", "%20"));
        assertThat(names(second, "locks", "lockName")).containsExactly("b1", "b2", "c1");
        JsonObject last = operator.get("locks?limit=3&after=" + second.getString("next"));
        assertThat(names(last, "locks", "lockName")).containsExactly("c2");
        assertThat(last.containsKey("next")).isFalse();

        assertThat(names(operator.get("locks?held=true"), "locks", "lockName")).containsExactly("b1");
        assertThat(names(operator.get("locks?contains=alice"), "locks", "lockName"))
                .containsExactly("b1");
        assertThat(names(operator.get("locks?channel=a"), "locks", "lockName")).containsExactly("a1", "a2");
        assertThat(names(operator.get("channels?limit=2"), "channels", "channelType"))
                .containsExactly("MESSAGE", "STREAM");
        assertThat(names(operator.get("channels?after=a/STREAM/"), "channels", "channel"))
                .containsExactly("b", "c");
        assertThat(operator.get("locks/STREAM/a/s%20+%20%3F").getString("lockName"))
                .isEqualTo("s + ?");
    }

    @Test
    void pages_come_with_a_strict_policy_and_nothing_else_is_served() {
        HttpResponse<String> page = operator.page("/admin/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-security-policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .startsWith("default-src 'none'")
                        .doesNotContain("unsafe")
                        .doesNotContain("*"));
        assertThat(operator.page("/admin").statusCode()).isEqualTo(302);
        for (String path : List.of("/admin/../conf/rtm-locks.yaml", "/admin/nothing", "/admin/api", "/admin//")) {
            assertThat(operator.page(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    private TestClient owner(String user, String lock) {
        TestClient client = node.login(user);
        client.lock("setLock", lock);
        client.lock("acquireLock", lock);
        return client;
    }

    static List<String> names(JsonObject answer, String list, String field) {
        return answer.getJsonArray(list).stream()
                .map(each -> ((JsonObject) each).getString(field))
                .toList();
    }
}
