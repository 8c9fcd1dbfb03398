// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What subscribers see, field by field and in which order (PROTOCOL.md §5). */
class LockEventsTest {

    private final RunningNode node = RunningNode.unhurried("lock.ttlMinSeconds", "1");
    private final TestClient alice = node.login("alice");
    private final TestClient bob = node.login("bob");
    private final TestClient watcher = node.login("watcher");

    @AfterEach
    void stop() {
        node.close();
    }

    private static void check(JsonObject event, String type, Object... fields) {
        assertThat(event.getString("event")).isEqualTo("lock");
        assertThat(event.getString("eventType")).as(event.encode()).isEqualTo(type);
        assertThat(event.getString("channel")).isEqualTo("c");
        assertThat(event.getString("channelType")).isEqualTo("MESSAGE");
        assertThat(event.getString("lockName")).isEqualTo("l");
        assertThat(event.getLong("timestamp")).isPositive();
        for (int i = 0; i < fields.length; i += 2) {
            assertThat(event.getValue((String) fields[i])).as(event.encode()).isEqualTo(fields[i + 1]);
        }
    }

    @Test
    void subscribe_answersThenShowsASnapshot_alsoOfAnEmptyChannel() {
        long id = watcher.send("subscribe", "channel", "c");
        JsonObject reply = watcher.next();
        assertThat(reply.getLong("id")).isEqualTo(id);
        assertThat(reply.getLong("seq")).isZero();
        JsonObject snapshot = watcher.next();
        assertThat(snapshot.getString("eventType")).isEqualTo("SNAPSHOT");
        assertThat(snapshot.getJsonArray("snapshot")).isEmpty();
        assertThat(snapshot.getLong("seq")).isZero();
        long token = alice.lock("acquireLock", "l", "create", true).getLong("fencingToken");
        JsonObject later = bob.subscribe();
        assertThat(later.getLong("seq")).isEqualTo(2);
        JsonObject lock = later.getJsonArray("snapshot").getJsonObject(0);
        assertThat(lock.getString("owner")).isEqualTo("alice");
        assertThat(lock.getLong("fencingToken")).isEqualTo(token);
    }

    /** Every change, to everybody who subscribed, the actor included. */
    @Test
    void eachChange_hasItsEvent() {
        TestClient[] all = {watcher, alice, bob};
        for (TestClient client : all) {
            client.subscribe();
        }
        alice.lock("setLock", "l", "ttl", 30);
        long first = alice.lock("acquireLock", "l").getLong("fencingToken");
        alice.lock("releaseLock", "l");
        long second = alice.lock("acquireLock", "l").getLong("fencingToken");
        bob.lock("revokeLock", "l");
        bob.lock("removeLock", "l");
        long third = bob.lock("acquireLock", "l", "create", true).getLong("fencingToken");
        alice.lock("removeLock", "l");
        for (TestClient client : all) {
            assertThat(told(client, 9))
                    .containsExactly(
                            "1 SET, ttl 30, by alice",
                            "2 ACQUIRED by alice, token " + first,
                            "3 RELEASED, was alice's, RELEASED, by alice, token " + first,
                            "4 ACQUIRED by alice, token " + second,
                            "5 RELEASED, was alice's, REVOKED, by bob, token " + second,
                            "6 REMOVED, was 's, by bob",
                            "7 SET, ttl 10, by bob",
                            "8 ACQUIRED by bob, token " + third,
                            "9 REMOVED, was bob's, REMOVED, by alice, token " + third);
        }
        watcher.sync();
        assertThat(watcher.received()).isEmpty();
    }

    /** The next lock events in words. */
    private static List<String> told(TestClient client, int count) {
        List<String> told = new ArrayList<>();
        while (told.size() < count) {
            JsonObject event = client.take("lock event", frame -> "lock".equals(frame.getString("event")));
            String type = event.getString("eventType");
            check(event, type);
            String owner = event.getString("owner");
            String cause = event.getString("cause");
            told.add(event.getLong("seq") + " " + type
                    + (type.equals("SET") ? ", ttl " + event.getInteger("ttl") : "")
                    + (owner.isEmpty() ? "" : " by " + owner)
                    + (event.containsKey("previousOwner") ? ", was " + event.getString("previousOwner") + "'s" : "")
                    + (cause == null ? "" : ", " + cause)
                    + (owner.isEmpty() ? ", by " + event.getString("publisher") : "")
                    + (event.containsKey("fencingToken") ? ", token " + event.getLong("fencingToken") : ""));
        }
        return told;
    }

    @Test
    void expiry_isToldWithTheTokenThatEnded() {
        watcher.subscribe();
        long token = alice.lock("acquireLock", "l", "create", true, "ttl", 1).getLong("fencingToken");
        alice.cut();
        check(
                watcher.lockEvent("EXPIRED"),
                "EXPIRED",
                "owner",
                "",
                "previousOwner",
                "alice",
                "cause",
                "OFFLINE",
                "fencingToken",
                token,
                "seq",
                3);
    }

    /** The loser hears of its loss before anybody's ACQUIRED, and the next owner's event says whose lock it was. */
    @Test
    void lockLost_comesBeforeTheNextOwner() {
        alice.subscribe();
        long token = alice.lock("acquireLock", "l", "create", true).getLong("fencingToken");
        long waits = bob.sendLock("acquireLock", "l", "retry", true);
        bob.sync();
        watcher.lock("revokeLock", "l");
        long next = bob.reply(waits).getLong("fencingToken");
        alice.take("SET", frame -> "SET".equals(frame.getString("eventType")));
        check(alice.next(), "ACQUIRED", "owner", "alice");
        JsonObject lost = alice.next();
        assertThat(lost.getString("type")).isEqualTo("LOCK_LOST");
        assertThat(lost.getString("event")).isEqualTo("session");
        assertThat(lost.getString("lockName")).isEqualTo("l");
        assertThat(lost.getLong("fencingToken")).isEqualTo(token);
        assertThat(lost.getString("cause")).isEqualTo("REVOKED");
        check(alice.next(), "RELEASED", "cause", "REVOKED");
        check(
                alice.next(),
                "ACQUIRED",
                "owner",
                "bob",
                "publisher",
                "bob",
                "fencingToken",
                next,
                "previousOwner",
                "alice",
                "cause",
                "REVOKED");
    }

    /** Subscribed or not, only who lost it is told. */
    @Test
    void lockLost_needsNoSubscription() {
        alice.lock("acquireLock", "l", "create", true);
        bob.lock("revokeLock", "l");
        assertThat(alice.sessionEvent("LOCK_LOST").getString("cause")).isEqualTo("REVOKED");
        alice.lock("acquireLock", "l");
        alice.lock("releaseLock", "l");
        alice.sync();
        bob.sync();
        assertThat(alice.received()).isEmpty();
        assertThat(bob.received()).isEmpty();
    }

    @Test
    void streams_areSeenWhenAskedFor() {
        alice.succeed("subscribe", "channel", "c", "withLock", false, "withStorage", true);
        alice.storageEvent("SNAPSHOT");
        bob.succeed("subscribe", "channel", "c", "withLock", false);
        watcher.subscribe();
        alice.lock("setLock", "l");
        alice.succeed("setChannelMetadata", "channel", "c", "data", JsonData.of("k", "v"));
        watcher.lockEvent("SET");
        JsonObject update = alice.next();
        assertThat(update.getString("event")).isEqualTo("storage");
        for (TestClient client : new TestClient[] {alice, bob, watcher}) {
            client.sync();
            assertThat(client.received()).isEmpty();
        }
    }

    @Test
    void subscribingAgain_changesWhatIsSeen_andUnsubscribingEndsIt() {
        watcher.subscribe();
        alice.lock("setLock", "l");
        watcher.lockEvent("SET");
        assertThat(watcher.subscribe().getLong("seq")).isEqualTo(1);
        alice.lock("acquireLock", "l");
        check(watcher.next(), "ACQUIRED", "seq", 2);
        watcher.succeed("unsubscribe", "channel", "c");
        alice.lock("releaseLock", "l");
        watcher.sync();
        assertThat(watcher.received()).isEmpty();
        assertThat(watcher.subscribe().getLong("seq")).isEqualTo(3);
    }

    /** What was asked before counts still, and is seen (PROTOCOL.md §1). */
    @Test
    void unsubscribe_rightBehindAChange_comesAfterItsEvent() {
        watcher.subscribe();
        long set = watcher.sendLock("setLock", "l");
        long unsubscribed = watcher.send("unsubscribe", "channel", "c");

        assertThat(watcher.next().getLong("id")).isEqualTo(set);
        check(watcher.next(), "SET", "seq", 1);
        assertThat(watcher.next().getLong("id")).isEqualTo(unsubscribed);
        alice.lock("acquireLock", "l");
        watcher.sync();
        assertThat(watcher.received()).isEmpty();
    }

    @Test
    void unsubscribe_twiceAtOnce_isAnsweredForEachRequest_andASubscribeBehindItCounts() {
        watcher.subscribe();
        JsonObject leaving = watcher.request("unsubscribe", "channel", "c");
        watcher.send(leaving);
        watcher.send(leaving);
        long again = watcher.send("unsubscribe", "channel", "c");
        long back = watcher.send("subscribe", "channel", "c");

        for (long id : new long[] {leaving.getLong("id"), again, back}) {
            assertThat(watcher.reply(id).getInteger("errorCode")).isZero();
        }
        watcher.lockEvent("SNAPSHOT");
        alice.lock("setLock", "l");
        check(watcher.lockEvent("SET"), "SET", "seq", 1);
        watcher.sync();
        assertThat(watcher.received()).noneMatch(frame -> frame.containsKey("event"));
    }

    /** Subscribing again and again while others change the channel: from each snapshot on every number once. */
    @Test
    void fromASnapshotOn_everyNumberComesOnce() {
        alice.lock("setLock", "l");
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 10; i++) {
                alice.sendLock("acquireLock", "l");
                alice.sendLock("releaseLock", "l");
            }
            long subscribed = watcher.send("subscribe", "channel", "c");
            alice.sync();
            watcher.reply(subscribed);
        }
        long last = alice.succeed("getLock", "channel", "c").getLong("seq");
        long seq = -1;
        while (seq < last) {
            JsonObject event = watcher.next();
            boolean isSnapshot = event.getString("eventType").equals("SNAPSHOT");
            long next = event.getLong("seq");
            assertThat(next).as(event.encode()).isGreaterThanOrEqualTo(seq);
            if (!isSnapshot) {
                assertThat(next).as(event.encode()).isEqualTo(seq + 1);
            }
            seq = next;
        }
        watcher.sync();
        // the last snapshot may say the same as the last event
        assertThat(watcher.received()).allMatch(event -> "SNAPSHOT".equals(event.getString("eventType")));
    }

    @Test
    void waiter_isToldItsPlaceAtOnceAndWhenItChanges() {
        alice.lock("acquireLock", "l", "create", true);
        bob.sendLock("acquireLock", "l", "retry", true);
        bob.sync();
        long waits = watcher.sendLock("acquireLock", "l", "retry", true, "withPosition", true);
        JsonObject place = watcher.next();
        assertThat(place)
                .isEqualTo(new JsonObject()
                        .put("event", "session")
                        .put("type", "WAITING")
                        .put("requestId", waits)
                        .put("channel", "c")
                        .put("channelType", "MESSAGE")
                        .put("lockName", "l")
                        .put("position", 2)
                        .put("waiters", 2));
        bob.lock("cancelAcquire", "l");
        place = watcher.sessionEvent("WAITING");
        assertThat(place.getInteger("position")).isEqualTo(1);
        assertThat(place.getInteger("waiters")).isEqualTo(1);
        alice.lock("releaseLock", "l");
        assertThat(watcher.reply(waits).getString("owner")).isEqualTo("watcher");
    }

    /** A place that changes often is told four times a second at most, and the last word is true. */
    @Test
    void places_areToldAtMostFourTimesASecond() {
        alice.lock("acquireLock", "l", "create", true);
        List<TestClient> others = crowd();
        bob.sendLock("acquireLock", "l", "retry", true, "withPosition", true);
        long start = System.nanoTime();
        assertThat(bob.sessionEvent("WAITING").getInteger("position")).isEqualTo(26);
        others.forEach(other -> other.lock("cancelAcquire", "l"));
        int told = 1;
        while (bob.sessionEvent("WAITING").getInteger("position") > 1) {
            told++;
        }
        assertThat(told).isLessThanOrEqualTo(quartersSince(start) + 2);
    }

    @Test
    void queues_areToldAtMostFourTimesASecond_theFirstTwenty() {
        alice.lock("acquireLock", "l", "create", true);
        watcher.subscribe("withQueue", true);
        long start = System.nanoTime();
        List<TestClient> others = crowd();
        int told = queuesUntil(25);
        others.forEach(other -> other.lock("cancelAcquire", "l"));
        told += queuesUntil(0);
        assertThat(told).isLessThanOrEqualTo(quartersSince(start) + 2);
        JsonObject snapshot = bob.subscribe("withQueue", true);
        assertThat(snapshot.getString("eventType")).isEqualTo("SNAPSHOT");
        bob.sync();
        assertThat(bob.received()).isEmpty();
    }

    private List<TestClient> crowd() {
        List<TestClient> crowd = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            TestClient one = node.login("w" + i);
            one.sendLock("acquireLock", "l", "retry", true);
            one.sync();
            crowd.add(one);
        }
        return crowd;
    }

    /** Takes in QUEUE events up to the one with so many waiters. */
    private int queuesUntil(int waiters) {
        for (int told = 1; ; told++) {
            JsonObject queue = watcher.lockEvent("QUEUE");
            assertThat(queue.getString("lockName")).isEqualTo("l");
            assertThat(queue.containsKey("seq")).isFalse();
            assertThat(queue.getJsonArray("queue").size()).isEqualTo(Math.min(20, queue.getInteger("waiters")));
            if (queue.getInteger("waiters") == waiters) {
                if (waiters > 0) {
                    JsonObject first = queue.getJsonArray("queue").getJsonObject(0);
                    assertThat(first.getString("userId")).isEqualTo("w0");
                    assertThat(first.fieldNames()).containsExactlyInAnyOrder("userId", "since", "online");
                }
                return told;
            }
        }
    }

    private static int quartersSince(long startNanos) {
        return (int) ((System.nanoTime() - startNanos) / 250_000_000L);
    }
}
