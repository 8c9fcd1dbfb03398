// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.shard.CommandBatch;
import io.rtmlocks.shard.Delivery;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway whose shards do not answer says in time that the outcome is unknown; who waits in a queue goes on waiting. */
class SilentShardTest {

    private final LoneGateway gateway = new LoneGateway(100, 200);
    private final TestClient alice = gateway.login("alice");

    @AfterEach
    void stop() {
        alice.cut();
        gateway.close();
    }

    @Test
    void requestWithoutAnswer_hasAnUnknownOutcome() {
        long waits = alice.send("acquireLock", "channel", "c", "lockName", "l", "retry", true);
        JsonObject lock = alice.call("releaseLock", "channel", "c", "lockName", "l");
        assertThat(lock.getInteger("errorCode")).isEqualTo(-14002);
        assertThat(lock.getBoolean("retryable")).isTrue();
        JsonArray data = new JsonArray().add(new JsonObject().put("key", "k").put("value", "v"));
        JsonObject write = alice.call("setChannelMetadata", "channel", "c", "data", data);
        assertThat(write.getInteger("errorCode")).isEqualTo(-12018);
        alice.sync();
        assertThat(alice.received()).noneMatch(frame -> Long.valueOf(waits).equals(frame.getLong("id")));
    }

    /** What the shard would say, though it does not hear of it. */
    @Test
    void writeThatNoStorageCouldTake_isRefusedHere() {
        JsonArray tooLarge = JsonData.of("a", "x".repeat(LoneGateway.METADATA_BYTES_MAX - 2), "b", "ü");
        JsonObject refused = TestClient.refusal(
                -12012, alice.call("setChannelMetadata", "channel", "c", "data", tooLarge, "lockName", "l"));
        assertThat(refused.getString("operation")).isEqualTo("RTMSetChannelMetadataOperation");
        assertThat(refused.getString("reason"))
                .isEqualTo("the channel's metadata would have 1002 bytes, 1000 are allowed");
        assertThat(refused.getString("channel")).isEqualTo("c");
        assertThat(refused.getString("lockName")).isEqualTo("l");
        alice.refused(-12012, "updateChannelMetadata", "channel", "c", "data", tooLarge);
        alice.refused(-12011, "setChannelMetadata", "channel", "c", "data", JsonData.of("", "x".repeat(1_001)));
        alice.refused(-12013, "setChannelMetadata", "channel", "c", "data", JsonData.of("a", "1", "a", "2"));

        JsonArray largest = JsonData.of("a", "x".repeat(LoneGateway.METADATA_BYTES_MAX - 1));
        alice.refused(-12018, "setChannelMetadata", "channel", "c", "data", largest);
        alice.refused(-12018, "removeChannelMetadata", "channel", "c", "data", tooLarge);
    }

    /** A shard may have the first of the two, so that nobody can say that nothing happened. */
    @Test
    void waitAskedAgainWhileNobodyLeads_isNotRefused() {
        JsonObject wait = alice.request("acquireLock", "channel", "c", "lockName", "l", "retry", true);
        alice.send(wait);
        alice.sync();
        gateway.refuse(new CommandBatch.Refused(LoneGateway.SHARD, 1, Long.MAX_VALUE));

        alice.send(wait);

        JsonObject later = alice.call("releaseLock", "channel", "c", "lockName", "l");
        assertThat(later.getInteger("errorCode")).as("nobody leads now").isEqualTo(-14009);
        assertThat(alice.received()).noneMatch(frame -> wait.getLong("id").equals(frame.getLong("id")));
    }

    @Test
    void unsubscribeThatDidNotHappen_isNotAnsweredAsIfItHad() {
        alice.refused(-14002, "subscribe", "channel", "c");
        nobodyLeads();

        alice.refused(-14009, "unsubscribe", "channel", "c");
        alice.refused(-14009, "unsubscribe", "channel", "c");
    }

    @Test
    void subscribeThatDidNotHappen_leavesNothingToUnsubscribe() {
        nobodyLeads();

        alice.refused(-14009, "subscribe", "channel", "c");
        alice.succeed("unsubscribe", "channel", "c");
    }

    /** A snapshot that was on its way already may come before the answer: what is lost after it is not made good by it. */
    @Test
    void eventAfterALeaderChange_isNotTakenForTheNextOne() {
        alice.send("subscribe", "channel", "c", "withLock", false, "withStorage", true);
        alice.sync();
        gateway.deliver(
                1,
                0,
                new Delivery.Snapshot(
                        LoneGateway.SHARD,
                        alice.sessionId,
                        LoneGateway.CHANNEL,
                        0,
                        1,
                        List.of("{\"event\":\"seen\"}")));
        gateway.lead(2);
        gateway.deliver(
                2,
                0,
                new Delivery.Event(
                        LoneGateway.SHARD,
                        LoneGateway.CHANNEL,
                        Delivery.Stream.STORAGE,
                        0,
                        "{\"event\":\"after a gap\"}"));
        alice.sync();

        assertThat(alice.received())
                .extracting(frame -> frame.getString("event"))
                .contains("seen")
                .doesNotContain("after a gap");
    }

    /** The shard has heard of nothing so far. */
    private void nobodyLeads() {
        gateway.refuse(new CommandBatch.Refused(LoneGateway.SHARD, 1, 0));
    }

    /** Streams are counted for each shard alone. */
    @Test
    void refusalOfAnotherShard_saysNothingOfThisOne() {
        long release = alice.send("releaseLock", "channel", "c", "lockName", "l");
        alice.sync();

        gateway.refuse(new CommandBatch.Refused((LoneGateway.SHARD + 1) % LoneGateway.SHARDS, 1, 0));

        assertThat(alice.reply(release).getInteger("errorCode")).isEqualTo(-14002);
    }
}
