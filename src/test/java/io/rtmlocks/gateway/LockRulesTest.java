// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the lock operations answer over the wire, rule by rule and error by error (PROTOCOL.md §3, §4). */
class LockRulesTest {

    private final RunningNode node = RunningNode.unhurried();
    private final TestClient alice = node.login("alice");
    private final TestClient bob = node.login("bob");

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void ttl_isClampedAndHasADefault() {
        int[][] askedAndGiven = {{1, 10}, {0, 10}, {-5, 10}, {10, 10}, {300, 300}, {301, 300}, {2_000_000_000, 300}};
        for (int[] pair : askedAndGiven) {
            JsonObject reply = alice.lock("setLock", "l" + pair[0], "ttl", pair[0]);
            assertThat(reply.getInteger("ttl")).as("%d", pair[0]).isEqualTo(pair[1]);
        }
        assertThat(alice.lock("setLock", "none").getInteger("ttl")).isEqualTo(10);
        assertThat(alice.lock("acquireLock", "created", "create", true, "ttl", 999)
                        .getInteger("ttl"))
                .isEqualTo(300);
    }

    @Test
    void setLockThatExists_isAnErrorOrKeepsIt() {
        alice.lock("setLock", "l", "ttl", 30);
        alice.refused(-14004, alice.lockRequest("setLock", "l", "ttl", 60));
        bob.refused(-14004, bob.lockRequest("setLock", "l", "ifExists", "error"));
        assertThat(bob.lock("setLock", "l", "ttl", 60, "ifExists", "keep").getInteger("ttl"))
                .isEqualTo(30);
    }

    @Test
    void lockThatIsNotThere_is14008() {
        for (String op : new String[] {"acquireLock", "cancelAcquire", "releaseLock", "revokeLock", "removeLock"}) {
            alice.refused(-14008, alice.lockRequest(op, "missing"));
        }
        alice.refused(-14008, alice.lockRequest("acquireLock", "missing", "retry", true));
    }

    @Test
    void grant_saysWhoOwnsWhatAndSinceWhen() {
        JsonObject grant = alice.lock("acquireLock", "l", "create", true, "ttl", 20);
        assertThat(grant.fieldNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "errorCode",
                        "timestamp",
                        "channel",
                        "channelType",
                        "lockName",
                        "owner",
                        "ttl",
                        "fencingToken",
                        "waitedMs");
        assertThat(grant.getString("owner")).isEqualTo("alice");
        assertThat(grant.getInteger("waitedMs")).isZero();
        assertThat(grant.getLong("fencingToken")).isBetween(1L, (1L << 53) - 1);
    }

    @Test
    void ownerThatAcquiresAgain_hasTheSameToken_andOneReleaseFrees() {
        long token = alice.lock("acquireLock", "l", "create", true).getLong("fencingToken");
        bob.subscribe();
        assertThat(alice.lock("acquireLock", "l").getLong("fencingToken")).isEqualTo(token);
        assertThat(alice.lock("acquireLock", "l", "retry", true).getLong("fencingToken"))
                .isEqualTo(token);
        alice.lock("releaseLock", "l");
        assertThat(bob.next().getString("eventType")).isEqualTo("RELEASED");
        alice.refused(-14006, alice.lockRequest("releaseLock", "l"));
    }

    @Test
    void tokens_growAcrossOwners_andRemovalAndReCreation() {
        long last = 0;
        for (int i = 0; i < 5; i++) {
            for (TestClient client : new TestClient[] {alice, bob}) {
                long token = client.lock("acquireLock", "l", "create", true).getLong("fencingToken");
                assertThat(token).isGreaterThan(last);
                last = token;
                client.lock(i % 2 == 0 ? "removeLock" : "releaseLock", "l");
            }
        }
    }

    @Test
    void busyLock_namesItsOwner() {
        alice.lock("acquireLock", "l", "create", true);
        JsonObject busy = bob.refused(-14007, bob.lockRequest("acquireLock", "l"));
        assertThat(busy.getJsonObject("detail").getString("owner")).isEqualTo("alice");
        assertThat(busy.getString("reason")).contains("alice");
    }

    @Test
    void waiters_areServedInTheOrderTheyCame_inTheSameStepAsTheRelease() {
        alice.lock("acquireLock", "l", "create", true);
        TestClient[] waiting = new TestClient[5];
        long[] ids = new long[waiting.length];
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = node.login("w" + i);
            ids[i] = waiting[i].sendLock("acquireLock", "l", "retry", true);
            waiting[i].sync();
        }
        JsonArray queue = bob.view("l").getJsonArray("queue");
        assertThat(queue.stream().map(waiter -> ((JsonObject) waiter).getString("userId")))
                .containsExactly("w0", "w1", "w2", "w3", "w4");
        alice.lock("releaseLock", "l");
        for (int i = 0; i < waiting.length; i++) {
            assertThat(waiting[i].reply(ids[i]).getLong("waitedMs")).isNotNegative();
            bob.refused(-14007, bob.lockRequest("acquireLock", "l"));
            waiting[i].lock("releaseLock", "l");
        }
        assertThat(bob.view("l").getString("owner")).isEmpty();
    }

    @Test
    void secondPendingAcquire_is14003() {
        alice.lock("acquireLock", "l", "create", true);
        long waits = bob.sendLock("acquireLock", "l", "retry", true);
        bob.refused(-14003, bob.lockRequest("acquireLock", "l", "retry", true));
        bob.refused(-14003, bob.lockRequest("acquireLock", "l"));
        alice.lock("releaseLock", "l");
        assertThat(bob.reply(waits).getInteger("errorCode")).isZero();
    }

    @Test
    void waitThatTimesOut_is14007() {
        alice.lock("acquireLock", "l", "create", true);
        long before = System.nanoTime();
        JsonObject reply = bob.refused(-14007, bob.lockRequest("acquireLock", "l", "retry", true, "timeoutMs", 150));
        assertThat(System.nanoTime() - before).isGreaterThan(140_000_000L);
        assertThat(reply.getJsonObject("detail").getString("cause")).isEqualTo("TIMEOUT");
        assertThat(alice.view("l").getInteger("waiters")).isZero();
    }

    @Test
    void cancelledWait_isAnsweredFirst() {
        alice.lock("acquireLock", "l", "create", true);
        long waits = bob.sendLock("acquireLock", "l", "retry", true);
        long cancels = bob.sendLock("cancelAcquire", "l");
        JsonObject ended = TestClient.refusal(-14007, bob.next());
        assertThat(ended.getLong("id")).isEqualTo(waits);
        assertThat(ended.getJsonObject("detail").getString("cause")).isEqualTo("CANCELLED");
        JsonObject cancelled = bob.next();
        assertThat(cancelled.getLong("id")).isEqualTo(cancels);
        assertThat(cancelled.getBoolean("cancelled")).isTrue();
        assertThat(bob.lock("cancelAcquire", "l").getBoolean("cancelled")).isFalse();
        assertThat(alice.lock("cancelAcquire", "l").getBoolean("cancelled")).isFalse();
        assertThat(alice.view("l").getString("owner")).isEqualTo("alice");
    }

    @Test
    void release_isTheOwnersWithTheCurrentToken() {
        long first = alice.lock("acquireLock", "l", "create", true).getLong("fencingToken");
        bob.refused(-14006, bob.lockRequest("releaseLock", "l"));
        bob.refused(-14006, bob.lockRequest("releaseLock", "l", "fencingToken", first));
        alice.lock("releaseLock", "l", "fencingToken", first);
        long second = alice.lock("acquireLock", "l").getLong("fencingToken");
        alice.refused(-14006, alice.lockRequest("releaseLock", "l", "fencingToken", first));
        assertThat(alice.lock("releaseLock", "l", "fencingToken", second).fieldNames())
                .containsExactlyInAnyOrder("id", "errorCode", "timestamp", "channel", "channelType", "lockName");
    }

    @Test
    void revoke_isAnybodys_whenTheOwnerMatches() {
        alice.lock("acquireLock", "l", "create", true);
        JsonObject mismatch = bob.refused(-14006, bob.lockRequest("revokeLock", "l", "owner", "carol"));
        assertThat(mismatch.getString("reason")).contains("alice");
        assertThat(bob.lock("revokeLock", "l", "owner", "alice").getString("owner"))
                .isEqualTo("alice");
        bob.refused(-14006, bob.lockRequest("revokeLock", "l"));
        alice.lock("acquireLock", "l");
        assertThat(alice.lock("revokeLock", "l").getString("owner")).isEqualTo("alice");
        alice.refused(-14006, alice.lockRequest("releaseLock", "l"));
    }

    @Test
    void removal_endsTheLockItsOwnerAndItsWaiters() {
        alice.lock("acquireLock", "l", "create", true);
        long waits = bob.sendLock("acquireLock", "l", "retry", true);
        bob.sync();
        node.login("carol").lock("removeLock", "l");
        JsonObject ended = TestClient.refusal(-14008, bob.reply(waits));
        assertThat(ended.getJsonObject("detail").getString("cause")).isEqualTo("REMOVED");
        assertThat(alice.sessionEvent("LOCK_LOST").getString("cause")).isEqualTo("REMOVED");
        alice.refused(-14008, alice.lockRequest("releaseLock", "l"));
        bob.lock("setLock", "l");
        alice.refused(-14006, alice.lockRequest("releaseLock", "l"));
    }

    @Test
    void getLock_listsTheChannel() {
        JsonObject empty = alice.succeed("getLock", "channel", "c");
        assertThat(empty.fieldNames())
                .containsExactlyInAnyOrder(
                        "id", "errorCode", "timestamp", "channel", "channelType", "totalLocks", "locks", "seq");
        assertThat(empty.getInteger("totalLocks")).isZero();
        alice.lock("setLock", "free", "ttl", 30);
        long token = alice.lock("acquireLock", "held", "create", true).getLong("fencingToken");
        bob.sendLock("acquireLock", "held", "retry", true);
        bob.sync();
        JsonObject reply = alice.succeed("getLock", "channel", "c");
        assertThat(reply.getInteger("totalLocks")).isEqualTo(2);
        assertThat(reply.getLong("seq")).isEqualTo(3);
        JsonObject free = reply.getJsonArray("locks").getJsonObject(0);
        assertThat(free.getString("lockName")).isEqualTo("free");
        assertThat(free.getString("owner")).isEmpty();
        assertThat(free.getInteger("ttl")).isEqualTo(30);
        JsonObject held = reply.getJsonArray("locks").getJsonObject(1);
        assertThat(held.fieldNames())
                .containsExactlyInAnyOrder(
                        "lockName", "owner", "ttl", "fencingToken", "since", "ownerOnline", "waiters");
        assertThat(held.getString("owner")).isEqualTo("alice");
        assertThat(held.getLong("fencingToken")).isEqualTo(token);
        assertThat(held.getBoolean("ownerOnline")).isTrue();
        assertThat(held.getInteger("waiters")).isEqualTo(1);
        JsonObject waiter = alice.view("held").getJsonArray("queue").getJsonObject(0);
        assertThat(waiter.fieldNames()).containsExactlyInAnyOrder("userId", "since", "online");
    }

    @Test
    void channelTypes_areDifferentChannels_andRepliesNameThem() {
        Object[][] ways = {
            {null, "MESSAGE"}, {1, "MESSAGE"}, {"MESSAGE", "MESSAGE"}, {2, "STREAM"}, {"STREAM", "STREAM"}
        };
        for (Object[] way : ways) {
            JsonObject request = alice.lockRequest("setLock", "l", "ifExists", "keep");
            JsonObject reply = alice.succeed(way[0] == null ? request : request.put("channelType", way[0]));
            assertThat(reply.getString("channelType")).isEqualTo(way[1]);
        }
        alice.succeed("acquireLock", "channel", "c", "channelType", 2, "lockName", "l");
        bob.lock("acquireLock", "l");
        assertThat(alice.succeed("getLock", "channel", "C").getInteger("totalLocks"))
                .isZero();
    }

    @Test
    void everyLegalCharacter_isLegalInEveryName() {
        String legal = "azAZ09 !#$%&()+,-:;<=>?@[]^_`{|}~";
        String longest = legal + "x".repeat(64 - legal.length());
        TestClient client = node.login(longest);
        JsonObject reply = client.succeed("acquireLock", "channel", longest, "lockName", longest, "create", true);
        assertThat(reply.getString("channel")).isEqualTo(longest);
        assertThat(reply.getString("lockName")).isEqualTo(longest);
        assertThat(reply.getString("owner")).isEqualTo(longest);
        for (char c : legal.replace("_", "").toCharArray()) {
            client.succeed("getLock", "channel", "" + c);
        }
    }

    /** Only for sessions that were subscribed: unsubscribing lets the ttl run, a new subscription stops it. */
    @Test
    void unsubscribing_countsAsOfflineForTheChannel() {
        alice.subscribe();
        alice.lock("acquireLock", "l", "create", true);
        alice.succeed("acquireLock", "channel", "d", "lockName", "l", "create", true);
        bob.lock("acquireLock", "busy", "create", true);
        long waits = alice.sendLock("acquireLock", "busy", "retry", true);
        alice.succeed("unsubscribe", "channel", "c");
        JsonObject ended = TestClient.refusal(-14007, alice.reply(waits));
        assertThat(ended.getJsonObject("detail").getString("cause")).isEqualTo("UNSUBSCRIBED");
        assertThat(bob.view("l").getBoolean("ownerOnline")).isFalse();
        assertThat(bob.succeed("getLock", "channel", "d")
                        .getJsonArray("locks")
                        .getJsonObject(0)
                        .getBoolean("ownerOnline"))
                .isTrue();
        alice.succeed("subscribe", "channel", "c");
        assertThat(bob.view("l").getBoolean("ownerOnline")).isTrue();
    }

    @Test
    void holdingNeedsNoSubscription() {
        alice.lock("acquireLock", "l", "create", true);
        assertThat(alice.succeed("unsubscribe", "channel", "c").getString("channel"))
                .isEqualTo("c");
        assertThat(bob.view("l").getBoolean("ownerOnline")).isTrue();
    }
}
