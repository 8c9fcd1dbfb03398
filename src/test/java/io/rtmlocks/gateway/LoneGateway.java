// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.shard.CommandBatch;
import io.rtmlocks.shard.Delivery;
import io.rtmlocks.shard.DeliveryBatch;
import io.rtmlocks.shard.Leads;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.NodeMessages;
import io.rtmlocks.shard.ShardMap;
import io.rtmlocks.shard.Sources;
import io.rtmlocks.telemetry.Meters;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A gateway whose shards say nothing but what a test says for them. */
final class LoneGateway implements AutoCloseable {

    static final int METADATA_BYTES_MAX = 1_000;
    static final ChannelKey CHANNEL = new ChannelKey(ChannelType.MESSAGE, "c");
    static final int SHARDS = 4;
    static final int SHARD = new ShardMap(SHARDS).shardOf(CHANNEL);

    private static final int NO_LIMIT = 1_000;
    private static final String LEADER = "node.that-is-not-there";

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient webSockets = vertx.createWebSocketClient();
    private final NodeBus bus = new NodeBus(vertx, "n");
    private final Queue<Command> heard = new ConcurrentLinkedQueue<>();
    private final GatewayVerticle gateway;

    /**
     * @param takenWithinMs see {@link GatewaySettings}
     * @param answerWithinMs see there
     */
    LoneGateway(int takenWithinMs, int answerWithinMs) {
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
                takenWithinMs,
                answerWithinMs,
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
        gateway = new GatewayVerticle(settings, new OpenDoor(), bus, Sources.SYSTEM, Meters.unread());
        vertx.eventBus().<byte[]>consumer(LEADER, message -> hear(message.body()));
        RunningNode.await(vertx.deployVerticle(gateway));
        for (int shard = 0; shard < SHARDS; shard++) {
            bus.tellAll(new Leads(shard, "", 1, LEADER, List.of()));
        }
        RunningNode.await(gateway.listen());
    }

    private void hear(byte[] message) {
        for (Object each : NodeMessages.opened(message)) {
            if (each instanceof CommandBatch batch && batch.shard() == SHARD) {
                heard.addAll(batch.commands());
            }
        }
    }

    int port() {
        return gateway.port();
    }

    TestClient login(String userId) {
        TestClient client = connect();
        client.login(userId);
        return client;
    }

    TestClient connect() {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(gateway.port())
                .setURI("/rtm");
        return TestClient.connect(webSockets, options);
    }

    /** What the shard of {@link #CHANNEL} would have heard so far. */
    List<Command> heard() {
        return List.copyOf(heard);
    }

    /** Another term of the leader of {@link #CHANNEL}'s shard, and another stream. */
    void lead(int term) {
        receive(new Leads(SHARD, "", term, LEADER, List.of()));
    }

    /** That shard says this, in its message of this number in a stream. */
    void deliver(long stream, long number, Delivery delivery) {
        receive(new DeliveryBatch(SHARD, stream, number, List.of(delivery), DeliveryBatch.ELSEWHERE));
    }

    void refuse(CommandBatch.Refused refused) {
        refused.receivedBy(bus);
    }

    private void receive(Object message) {
        vertx.eventBus().send(bus.address(), NodeMessages.encoded(message));
    }

    @Override
    public void close() {
        RunningNode.await(vertx.close());
    }
}
