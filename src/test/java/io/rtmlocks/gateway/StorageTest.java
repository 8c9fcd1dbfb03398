// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The storage of a channel, guarded by its locks (PROTOCOL.md §6). */
class StorageTest {

    private final RunningNode node = RunningNode.unhurried();
    private final TestClient alice = node.login("alice");
    private final TestClient bob = node.login("bob");

    @AfterEach
    void stop() {
        node.close();
    }

    private JsonObject write(TestClient client, String op, JsonArray data, Object... more) {
        return client.call(request(client, op, data, more));
    }

    private static JsonObject request(TestClient client, String op, JsonArray data, Object... more) {
        JsonObject request = client.request(op + "ChannelMetadata", more).put("channel", "c");
        return data == null ? request : request.put("data", data);
    }

    private JsonObject stored() {
        return bob.succeed("getChannelMetadata", "channel", "c");
    }

    @Test
    void writes_raiseRevisions_andAreRead() {
        JsonObject empty = stored();
        assertThat(empty.getInteger("totalCount")).isZero();
        assertThat(empty.getJsonObject("metadata")).isEmpty();
        JsonObject first = write(alice, "set", JsonData.of("a", "1", "b", "ü"));
        assertThat(first.getInteger("totalCount")).isEqualTo(2);
        assertThat(first.getLong("majorRevision")).isEqualTo(1);
        assertThat(first.getJsonObject("metadata").fieldNames()).containsExactlyInAnyOrder("a", "b");
        write(alice, "update", JsonData.of("a", "2"));
        JsonObject stored = stored();
        assertThat(stored.getLong("majorRevision")).isEqualTo(2);
        JsonObject item = stored.getJsonObject("metadata").getJsonObject("a");
        assertThat(item.fieldNames()).containsExactlyInAnyOrder("value", "revision", "updated", "authorUid");
        assertThat(item.getString("value")).isEqualTo("2");
        assertThat(item.getString("authorUid")).isEqualTo("alice");
        assertThat(stored.getJsonObject("metadata").getJsonObject("b").getString("value"))
                .isEqualTo("ü");
        assertThat(write(alice, "remove", new JsonArray().add(new JsonObject().put("key", "a")))
                        .getInteger("totalCount"))
                .isEqualTo(1);
        assertThat(write(alice, "remove", null).getInteger("totalCount")).isZero();
    }

    @Test
    void update_needsEveryKey_andWritesAllOrNothing() {
        write(alice, "set", JsonData.of("a", "1"));
        JsonObject reply = TestClient.refusal(-12014, write(alice, "update", JsonData.of("a", "2", "b", "2")));
        assertThat(reply.getJsonObject("detail").getString("key")).isEqualTo("b");
        assertThat(stored().getJsonObject("metadata").getJsonObject("a").getString("value"))
                .isEqualTo("1");
        assertThat(stored().getLong("majorRevision")).isEqualTo(1);
    }

    @Test
    void revisions_areChecked() {
        assertThat(write(alice, "set", JsonData.item("a", "1", 0)).getInteger("errorCode"))
                .isZero();
        TestClient.refusal(-12014, write(alice, "set", JsonData.item("a", "2", 0)));
        assertThat(write(alice, "set", JsonData.item("a", "2", -1)).getInteger("errorCode"))
                .isZero();
        TestClient.refusal(-12014, write(alice, "set", JsonData.item("a", "3", 1)));
        assertThat(write(alice, "set", JsonData.item("a", "3", 2)).getInteger("errorCode"))
                .isZero();
        TestClient.refusal(-12014, write(alice, "set", JsonData.of("b", "1"), "majorRevision", 2));
        TestClient.refusal(-12014, write(alice, "set", JsonData.of("b", "1"), "majorRevision", 0));
        TestClient.refusal(-12014, write(alice, "remove", null, "majorRevision", 2));
        assertThat(write(alice, "set", JsonData.of("b", "1"), "majorRevision", 3)
                        .getInteger("errorCode"))
                .isZero();
        TestClient.refusal(-12014, write(alice, "remove", JsonData.item("b", "", 1)));
        assertThat(stored().getInteger("totalCount")).isEqualTo(2);
    }

    @Test
    void keysAndSizes_areBounded() {
        String longest = "~ " + "k".repeat(30);
        assertThat(write(alice, "set", JsonData.of(longest, "")).getInteger("errorCode"))
                .isZero();
        for (String key : new String[] {"", longest + "k", "ü", "a\u0000", "a\n"}) {
            TestClient.refusal(-12011, write(alice, "set", JsonData.of("fine", "1", key, "1")));
        }
        TestClient.refusal(-12013, write(alice, "set", JsonData.of("a", "1", "a", "2")));
        write(alice, "remove", null);
        assertThat(write(alice, "set", JsonData.of("k", "x".repeat(16 * 1024 - 1)))
                        .getInteger("errorCode"))
                .isZero();
        TestClient.refusal(-12012, write(alice, "set", JsonData.of("l", "")));
        TestClient.refusal(-12012, write(alice, "set", JsonData.of("k", "x".repeat(16 * 1024))));
        TestClient.refusal(-12012, write(alice, "set", JsonData.of("k", "ü".repeat(8 * 1024))));
        assertThat(stored().getInteger("totalCount")).isEqualTo(1);
    }

    @Test
    void keys_areFiveHundred() {
        for (int hundreds = 0; hundreds < 5; hundreds++) {
            assertThat(write(alice, "set", hundredKeys(hundreds)).getInteger("errorCode"))
                    .isZero();
        }
        TestClient.refusal(-12012, write(alice, "set", JsonData.of("more", "")));
        assertThat(write(alice, "set", JsonData.of("3.7", "again")).getInteger("errorCode"))
                .isZero();
        assertThat(stored().getInteger("totalCount")).isEqualTo(500);
    }

    private static JsonArray hundredKeys(int number) {
        return JsonData.of(IntStream.range(0, 100)
                .mapToObj(i -> Stream.of(number + "." + i, ""))
                .flatMap(each -> each)
                .toArray(String[]::new));
    }

    /** The guard is the lock as it is in the moment of the write. */
    @Test
    void guard_letsOnlyTheOwnerWithTheCurrentTokenWrite() {
        long old = alice.lock("acquireLock", "l", "create", true).getLong("fencingToken");
        assertThat(write(alice, "set", JsonData.of("a", "1"), "lockName", "l", "fencingToken", old)
                        .getInteger("errorCode"))
                .isZero();
        TestClient.refusal(-12008, write(bob, "set", JsonData.of("a", "2"), "lockName", "l"));
        TestClient.refusal(-12008, write(bob, "remove", null, "lockName", "l", "fencingToken", old));
        alice.lock("releaseLock", "l");
        TestClient.refusal(-12008, write(alice, "set", JsonData.of("a", "2"), "lockName", "l"));
        TestClient.refusal(-12008, write(alice, "set", JsonData.of("a", "2"), "lockName", "missing"));
        alice.lock("acquireLock", "l");
        TestClient.refusal(-12008, write(alice, "update", JsonData.of("a", "2"), "lockName", "l", "fencingToken", old));
        assertThat(write(alice, "update", JsonData.of("a", "3"), "lockName", "l")
                        .getInteger("errorCode"))
                .isZero();
        assertThat(stored().getJsonObject("metadata").getJsonObject("a").getString("value"))
                .isEqualTo("3");
    }

    @Test
    void changes_areSeenBySubscribersWhoAsked() {
        write(alice, "set", JsonData.of("a", "1"));
        bob.subscribe("withStorage", true);
        JsonObject snapshot = bob.storageEvent("SNAPSHOT");
        assertThat(snapshot.getLong("majorRevision")).isEqualTo(1);
        assertThat(snapshot.getJsonObject("metadata").getJsonObject("a").getString("value"))
                .isEqualTo("1");
        for (long revision = 2; revision < 20; revision++) {
            write(alice, "set", JsonData.of("a", "" + revision));
        }
        write(alice, "remove", new JsonArray().add(new JsonObject().put("key", "missing")));
        write(alice, "remove", null);
        for (long revision = 2; revision <= 20; revision++) {
            JsonObject update = bob.next();
            assertThat(update.getString("event")).isEqualTo("storage");
            assertThat(update.getString("eventType")).isEqualTo("UPDATE");
            assertThat(update.getString("channel")).isEqualTo("c");
            assertThat(update.getString("channelType")).isEqualTo("MESSAGE");
            assertThat(update.getLong("majorRevision")).isEqualTo(revision);
            assertThat(update.getString("publisher")).isEqualTo("alice");
            assertThat(update.getLong("timestamp")).isPositive();
            assertThat(update.getJsonObject("metadata").size()).isEqualTo(revision == 20 ? 0 : 1);
        }
        bob.sync();
        assertThat(bob.received()).isEmpty();
    }

    /** What is stored comes back as it was, whatever it was. */
    @Test
    void anyText_isStoredAsItIs() {
        String odd = "\u0000\"\\\n\u2028é日本😀</script>";
        write(alice, "set", JsonData.of("k\"\\", odd));
        assertThat(stored().getJsonObject("metadata").getJsonObject("k\"\\").getString("value"))
                .isEqualTo(odd);
        alice.sendText("{\"id\":900,\"op\":\"setChannelMetadata\",\"channel\":\"c\","
                + "\"data\":[{\"key\":\"half\",\"value\":\"\\ud800\"}]}");
        alice.reply(900);
        assertThat(stored().getJsonObject("metadata").getJsonObject("half").getString("value"))
                .isEqualTo("\ud800");
    }
}
