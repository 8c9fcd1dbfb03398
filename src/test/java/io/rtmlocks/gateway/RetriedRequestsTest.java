// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request that is sent again with its id happens once, and is answered as it was (PROTOCOL.md §4, rule 6). */
class RetriedRequestsTest {

    private final RunningNode node = RunningNode.unhurried();
    private final TestClient alice = node.login("alice");

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void answeredRequests_areAnsweredTheSameAfterAReconnect() {
        TestClient watcher = node.login("watcher");
        watcher.subscribe();
        JsonObject set = alice.lockRequest("setLock", "l", "ttl", 30);
        JsonObject acquire = alice.lockRequest("acquireLock", "l");
        JsonObject release = alice.lockRequest("releaseLock", "l");
        JsonObject refused = alice.lockRequest("releaseLock", "l");
        JsonObject write = alice.request("setChannelMetadata", "channel", "c", "data", JsonData.of("k", "v"));
        JsonObject[] requests = {set, acquire, release, refused, write};
        JsonObject[] replies = new JsonObject[requests.length];
        for (int i = 0; i < requests.length; i++) {
            replies[i] = alice.call(requests[i]);
        }
        alice.cut();
        TestClient back = node.resume("alice", alice);
        for (int i = 0; i < requests.length; i++) {
            assertThat(back.call(requests[i])).isEqualTo(replies[i]);
        }
        assertThat(watcher.lockEvent("SET").getLong("seq")).isEqualTo(1);
        assertThat(watcher.lockEvent("ACQUIRED").getLong("seq")).isEqualTo(2);
        assertThat(watcher.lockEvent("RELEASED").getLong("seq")).isEqualTo(3);
        watcher.sync();
        assertThat(watcher.received()).isEmpty();
        assertThat(back.succeed("getChannelMetadata", "channel", "c").getLong("majorRevision"))
                .isEqualTo(1);
    }

    /** The first answer counts, also when a new attempt would have another outcome. */
    @Test
    void grantThatIsGone_isStillTheAnswer() {
        JsonObject acquire = alice.lockRequest("acquireLock", "l", "create", true);
        long token = alice.succeed(acquire).getLong("fencingToken");
        node.login("bob").lock("revokeLock", "l");
        alice.sessionEvent("LOCK_LOST");
        assertThat(alice.succeed(acquire).getLong("fencingToken")).isEqualTo(token);
        assertThat(alice.view("l").getString("owner")).isEmpty();
    }

    @Test
    void pendingAcquire_keepsItsPlace_andIsAnsweredOnce() {
        TestClient bob = node.login("bob");
        TestClient carol = node.login("carol");
        bob.lock("acquireLock", "l", "create", true);
        JsonObject acquire = alice.lockRequest("acquireLock", "l", "retry", true, "withPosition", true);
        alice.send(acquire);
        alice.sessionEvent("WAITING");
        carol.sendLock("acquireLock", "l", "retry", true);
        carol.sync();
        alice.cut();
        TestClient back = node.resume("alice", alice);
        back.send(acquire);
        assertThat(back.sessionEvent("WAITING").getInteger("position")).isEqualTo(1);
        back.send(acquire);
        back.sync();
        assertThat(bob.view("l").getInteger("waiters")).isEqualTo(2);
        bob.lock("releaseLock", "l");
        assertThat(back.reply(acquire.getLong("id")).getString("owner")).isEqualTo("alice");
        back.sync();
        assertThat(back.received().stream().filter(frame -> frame.containsKey("id")))
                .isEmpty();
    }

    /** The subscription went with the connection, so the same request makes a new one. */
    @Test
    void subscribeSentAgain_subscribes() {
        JsonObject subscribe = alice.request("subscribe", "channel", "c");
        alice.succeed(subscribe);
        alice.lockEvent("SNAPSHOT");
        alice.cut();
        TestClient back = node.resume("alice", alice);
        back.succeed(subscribe);
        back.lockEvent("SNAPSHOT");
        back.lock("setLock", "l");
        back.lockEvent("SET");
    }

    @Test
    void idOfAnotherRequest_is10014_andChangesNothing() {
        JsonObject set = alice.lockRequest("setLock", "l");
        alice.succeed(set);
        JsonObject other = alice.lockRequest("removeLock", "l").put("id", set.getLong("id"));
        alice.refused(-10014, other);
        TestClient bob = node.login("bob");
        bob.lock("acquireLock", "l");
        JsonObject waits = alice.lockRequest("acquireLock", "l", "retry", true);
        alice.send(waits);
        alice.send(alice.lockRequest("removeLock", "l").put("id", waits.getLong("id")));
        TestClient.refusal(-10014, alice.reply(waits.getLong("id")));
        bob.lock("releaseLock", "l");
        assertThat(alice.reply(waits.getLong("id")).getString("owner")).isEqualTo("alice");
    }

    /** Sessions do not share ids. */
    @Test
    void sameIdOfAnotherSession_isAnotherRequest() {
        TestClient bob = node.login("bob");
        alice.succeed(alice.lockRequest("setLock", "l").put("id", 500));
        bob.refused(-14004, bob.lockRequest("setLock", "l").put("id", 500));
    }
}
