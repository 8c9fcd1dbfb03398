// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * The one event-bus address of this node: brings commands and messages of replicas to the shards that are hosted here,
 * deliveries to the gateway, and what members of the cluster tell each other to the cluster.
 *
 * <p>Messages from one sender to one receiver arrive in the order in which they were sent, or are lost.
 */
public final class NodeBus {

    /**
     * The nodes that are there.
     *
     * @param addresses theirs, this node's among them
     * @param majority how many are needed to decide anything
     */
    public record Nodes(Set<String> addresses, int majority) {
        static final Nodes NONE = new Nodes(Set.of(), 1);

        public Nodes {
            addresses = Collections.unmodifiableSortedSet(new TreeSet<>(addresses));
        }

        boolean isPresent(String address) {
            return addresses.contains(address);
        }

        /** Whether this node and those it sees are enough to decide anything. */
        public boolean isMajority() {
            return addresses.size() >= majority;
        }
    }

    /** What a gateway hears; called on its context. */
    public interface GatewayEnd {
        void onDeliveries(DeliveryBatch batch);

        void onRefused(CommandBatch.Refused refused);

        void onLeads(Leads leads);

        void onClaim(Claim claim);

        void onYielded(Claim.Yielded yielded);

        /** An answer of the replica on this node, before the leader's. */
        void onEarlyAnswer(int shard, Delivery.Answered answered);
    }

    private final EventBus bus;
    private final Outbox outbox;
    private final String address;
    private final Map<Integer, Hosted> hosted = new ConcurrentHashMap<>();

    /** By which charter this node lives in each shard, whether it hosts it or not. */
    private final Map<Integer, String> charters = new ConcurrentHashMap<>();

    private volatile Nodes nodes;
    private volatile Consumer<byte[]> peers = bytes -> {};
    private volatile Consumer<Consumer<GatewayEnd>> gateway = told -> {};

    /** @param id different for each start of each node */
    public NodeBus(Vertx vertx, String id) {
        this.bus = vertx.eventBus();
        this.outbox = new Outbox(bus, vertx.getOrCreateContext());
        this.address = addressOf(id);
        this.nodes = new Nodes(Set.of(address), 1);
        bus.serializableChecker(type -> false).clusterSerializableChecker(type -> false);
    }

    public static String addressOf(String id) {
        return "node." + id;
    }

    /** The address by which other nodes, and the shards, know this node. */
    public String address() {
        return address;
    }

    /** Begins to receive, on the current context. */
    public Future<Void> open() {
        return bus.consumer(address, this::receive).completion();
    }

    /** Whatever it is and whoever sent it: what is no message of ours is dropped and counted. */
    private void receive(Message<Object> message) {
        NodeMessage known = NodeMessageCodec.understood(message);
        known.receivedBy(this);
    }

    /** The gateway of this node, to be called on its context. */
    public void gateway(Context context, GatewayEnd end) {
        gateway = told -> {
            if (Vertx.currentContext() == context) {
                told.accept(end);
            } else {
                context.runOnContext(v -> told.accept(end));
            }
        };
        hosted.values().forEach(shard -> shard.context.runOnContext(v -> shard.verticle.announce()));
    }

    /** @param action told on the bus's context what other nodes say about the cluster */
    public void peers(Consumer<byte[]> action) {
        peers = action;
    }

    /** A shard is hosted here; it is called on its own context. */
    void host(int shard, Context context, ShardVerticle verticle) {
        hosted.put(shard, new Hosted(context, verticle));
    }

    /** The shard is hosted here no longer. */
    public void hostNoMore(int shard) {
        hosted.remove(shard);
    }

    /** From here on this node lives by this charter in the shard; who leads it by another one is a stranger. */
    public void liveBy(int shard, String charter) {
        charters.put(shard, charter);
    }

    /** The charter by which this node lives in the shard, empty for none; may be asked on any context. */
    public String charterOf(int shard) {
        return charters.getOrDefault(shard, "");
    }

    /** Who is there now. */
    public void nodes(Nodes present) {
        nodes = present;
    }

    public Nodes nodes() {
        return nodes;
    }

    /** How many messages of other nodes were no messages, to all nodes in this process. */
    public long droppedMessages() {
        return NodeMessageCodec.dropped();
    }

    /** Runs the action for each shard that is hosted here, on its context. */
    public void onEachShard(Consumer<ShardVerticle> action) {
        hosted.keySet().forEach(shard -> onShard(shard, action));
    }

    /** Asks each of these shards that is hosted here, on its context. */
    public <T> List<Future<T>> askEachShard(IntPredicate which, Function<ShardVerticle, Future<T>> question) {
        return hosted.entrySet().stream()
                .filter(each -> which.test(each.getKey()))
                .map(each -> ask(each.getValue(), question))
                .toList();
    }

    private static <T> Future<T> ask(Hosted shard, Function<ShardVerticle, Future<T>> question) {
        Promise<T> answer = Promise.promise();
        shard.context.runOnContext(v -> question.apply(shard.verticle).onComplete(answer));
        return answer.future();
    }

    /** The shards of which a replica is hosted here that counts. */
    public BitSet voting() {
        BitSet voting = new BitSet();
        hosted.forEach((shard, here) -> voting.set(shard, here.verticle.votes()));
        return voting;
    }

    /** Whether all replicas that are hosted here count, and there are any. */
    public boolean isRooted() {
        return !hosted.isEmpty() && voting().cardinality() == hosted.size();
    }

    public void send(String receiver, CommandBatch batch) {
        post(receiver, batch);
    }

    public void send(String receiver, CommandBatch.Disinterest disinterest) {
        post(receiver, disinterest);
    }

    public void send(String receiver, DeliveryBatch.Told told) {
        post(receiver, told);
    }

    public void send(String receiver, ReplicaMessage message) {
        post(receiver, message);
    }

    public void send(String receiver, Claim claim) {
        post(receiver, claim);
    }

    public void send(String receiver, Claim.Yielded yielded) {
        post(receiver, yielded);
    }

    void send(String receiver, CommandBatch.Refused refused) {
        post(receiver, refused);
    }

    void send(String receiver, DeliveryBatch batch) {
        post(receiver, batch);
    }

    /** Answers a client of this node. */
    void answerHere(int shard, Delivery.Answered answered) {
        gateway.accept(end -> end.onEarlyAnswer(shard, answered));
    }

    /** What is for this node itself does not travel, and is received on its context all the same. */
    private void post(String receiver, NodeMessage message) {
        if (receiver.equals(address)) {
            message.receivedBy(this);
        } else {
            outbox.post(receiver, message);
        }
    }

    /** Tells every node. */
    public void tellAll(Leads leads) {
        nodes.addresses.forEach(each -> post(each, leads));
    }

    /** Tells every other node. */
    public void tellPeers(byte[] bytes) {
        PeerMessage message = new PeerMessage(bytes);
        nodes.addresses.stream().filter(each -> !each.equals(address)).forEach(each -> post(each, message));
    }

    void received(DeliveryBatch batch) {
        gateway.accept(end -> end.onDeliveries(batch));
    }

    void received(CommandBatch.Refused refused) {
        gateway.accept(end -> end.onRefused(refused));
    }

    void received(Leads leads) {
        gateway.accept(end -> end.onLeads(leads));
    }

    void received(Claim claim) {
        gateway.accept(end -> end.onClaim(claim));
    }

    void received(Claim.Yielded yielded) {
        gateway.accept(end -> end.onYielded(yielded));
    }

    void received(PeerMessage message) {
        peers.accept(message.bytes());
    }

    void received(ReplicaMessage message) {
        onShard(message.shard(), shard -> shard.onReplicaMessage(message.bytes()));
    }

    void received(CommandBatch batch) {
        if (hosted.containsKey(batch.shard())) {
            onShard(batch.shard(), shard -> shard.onCommands(batch));
        } else {
            send(batch.gateway(), new CommandBatch.Refused(batch.shard(), batch.stream(), batch.number()));
        }
    }

    void received(DeliveryBatch.Told told) {
        onShard(told.shard(), shard -> shard.onTold(told));
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
