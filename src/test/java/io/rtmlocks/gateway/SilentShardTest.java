// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.shard.CommandBatch;
import io.rtmlocks.shard.Leads;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ShardMap;
import io.rtmlocks.shard.Sources;
import io.rtmlocks.telemetry.Meters;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway whose shards do not answer says in time that the outcome is unknown; who waits in a queue goes on waiting. */
class SilentShardTest {

    private static final int NO_LIMIT = 1_000;
    private static final int SHARDS = 4;
    private static final int METADATA_BYTES_MAX = 1_000;

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient webSockets = vertx.createWebSocketClient();
    private final NodeBus bus = new NodeBus(vertx, "n");
    private final TestClient alice = connect();

    @AfterEach
    void stop() {
        alice.cut();
        RunningNode.await(vertx.close());
    }

    private TestClient connect() {
        GatewaySettings settings = new GatewaySettings(
                "n",
                "127.0.0.1",
                0,
                List.of(),
                SHARDS,
                65_536,
                METADATA_BYTES_MAX,
                1_000,
                10_000,
                100,
                10_000,
                10_000,
                100,
                200,
                0,
                0,
                10,
                10,
                NO_LIMIT,
                NO_LIMIT,
                1 << 20,
                NO_LIMIT,
                10,
                0,
                new GatewaySettings.Doors(1_000, 0, 0, 0, 10_000, 8_192),
                "secret");
        GatewayVerticle gateway = new GatewayVerticle(settings, new OpenDoor(), bus, Sources.SYSTEM, Meters.unread());
        RunningNode.await(vertx.deployVerticle(gateway));
        for (int shard = 0; shard < SHARDS; shard++) {
            bus.tellAll(new Leads(shard, "", 1, "node.of-which-nothing-is-heard", List.of()));
        }
        RunningNode.await(gateway.listen());
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(gateway.port())
                .setURI("/rtm");
        TestClient client = TestClient.connect(webSockets, options);
        client.login("alice");
        return client;
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
        JsonArray tooLarge = JsonData.of("a", "x".repeat(METADATA_BYTES_MAX - 2), "b", "ü");
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

        JsonArray largest = JsonData.of("a", "x".repeat(METADATA_BYTES_MAX - 1));
        alice.refused(-12018, "setChannelMetadata", "channel", "c", "data", largest);
        alice.refused(-12018, "removeChannelMetadata", "channel", "c", "data", tooLarge);
    }

    /** A shard may have the first of the two, so that nobody can say that nothing happened. */
    @Test
    void waitAskedAgainWhileNobodyLeads_isNotRefused() {
        JsonObject wait = alice.request("acquireLock", "channel", "c", "lockName", "l", "retry", true);
        alice.send(wait);
        alice.sync();
        int shard = new ShardMap(SHARDS).shardOf(new ChannelKey(ChannelType.MESSAGE, "c"));
        new CommandBatch.Refused(shard, 1, Long.MAX_VALUE).receivedBy(bus);

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

    /** The shard has heard of nothing so far. */
    private void nobodyLeads() {
        int shard = new ShardMap(SHARDS).shardOf(new ChannelKey(ChannelType.MESSAGE, "c"));
        new CommandBatch.Refused(shard, 1, 0).receivedBy(bus);
    }

    /** Streams are counted for each shard alone. */
    @Test
    void refusalOfAnotherShard_saysNothingOfThisOne() {
        long release = alice.send("releaseLock", "channel", "c", "lockName", "l");
        alice.sync();
        int shard = new ShardMap(SHARDS).shardOf(new ChannelKey(ChannelType.MESSAGE, "c"));

        new CommandBatch.Refused((shard + 1) % SHARDS, 1, 0).receivedBy(bus);

        assertThat(alice.reply(release).getInteger("errorCode")).isEqualTo(-14002);
    }
}
