// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The one event-bus address of this node, {@code node.<id>}: brings commands to the shards that are hosted here, and
 * deliveries to the gateway of this node.
 *
 * <p>Messages from one sender to one receiver arrive in the order in which they were sent.
 */
public final class NodeBus {

    private final EventBus bus;
    private final String address;
    private final Map<Integer, Hosted> hosted = new ConcurrentHashMap<>();
    private volatile Handler<List<Delivery>> gateway = deliveries -> {};

    public NodeBus(Vertx vertx, String nodeId) {
        this.bus = vertx.eventBus();
        this.address = "node." + nodeId;
        LocalCodec.register(bus);
    }

    /** The address by which shards know the gateway of this node. */
    public String address() {
        return address;
    }

    /**
     * Begins to receive, on the current context.
     *
     * @param gateway called on that context with what the shards send
     */
    public void open(Handler<List<Delivery>> gateway) {
        this.gateway = gateway;
        bus.<NodeMessage>consumer(address, message -> message.body().receivedBy(this));
    }

    /** A shard is hosted here; it is called on its own context. */
    void host(int shard, Context context, ShardVerticle verticle) {
        hosted.put(shard, new Hosted(context, verticle));
    }

    /** Sends commands to the leader of their shard. */
    public void toShard(CommandBatch batch) {
        bus.send(address, batch);
    }

    public void toShard(CommandBatch.Disinterest disinterest) {
        bus.send(address, disinterest);
    }

    void toGateway(String gatewayAddress, List<Delivery> deliveries) {
        bus.send(gatewayAddress, new DeliveryBatch(deliveries));
    }

    void received(DeliveryBatch batch) {
        gateway.handle(batch.deliveries());
    }

    void received(CommandBatch batch) {
        onShard(batch.shard(), shard -> shard.onCommands(batch));
    }

    void received(CommandBatch.Disinterest disinterest) {
        onShard(disinterest.shard(), shard -> shard.onDisinterest(disinterest));
    }

    private void onShard(int number, Consumer<ShardVerticle> action) {
        Hosted shard = hosted.get(number);
        if (shard != null) {
            shard.context.runOnContext(v -> action.accept(shard.verticle));
        }
    }

    private record Hosted(Context context, ShardVerticle verticle) {}
}
