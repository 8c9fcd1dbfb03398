// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.rtmlocks.Node;
import io.rtmlocks.shard.NodeMessages;
import io.rtmlocks.shard.ReplicaMessage;
import io.vertx.core.eventbus.Message;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The order to a replica to start again, as a leader gives it that gives the replica up. */
final class RestartOrder {

    private final Node node;
    private final String address;
    private final ReplicaMessage message;

    private RestartOrder(Node node, String address, ReplicaMessage message) {
        this.node = node;
        this.address = address;
        this.message = message;
    }

    /** Waits for a message to the replica: it says who it is just now. */
    static RestartOrder to(Node node, int shard) {
        CompletableFuture<RestartOrder> order = new CompletableFuture<>();
        node.vertx().eventBus().addInboundInterceptor(delivery -> {
            Message<?> message = delivery.message();
            if (!order.isDone()
                    && message.address().equals(node.busAddress())
                    && message.body() instanceof byte[] body) {
                NodeMessages.opened(body).stream()
                        .filter(ReplicaMessage.class::isInstance)
                        .map(ReplicaMessage.class::cast)
                        .filter(each -> each.shard() == shard)
                        .findAny()
                        .ifPresent(each -> order.complete(inAnswerTo(each, node)));
            }
            delivery.next();
        });
        return order.orTimeout(1, TimeUnit.MINUTES).join();
    }

    private static RestartOrder inAnswerTo(ReplicaMessage message, Node node) {
        ReplicaEnvelope seen = Objects.requireNonNull(ReplicaEnvelope.open(message.bytes()));
        return new RestartOrder(
                node,
                node.busAddress(),
                new ReplicaMessage(
                        message.shard(),
                        ReplicaEnvelope.orderToRestart(seen.charter(), seen.sender(), seen.receiver())));
    }

    void give() {
        node.vertx().eventBus().send(address, NodeMessages.encoded(message));
    }
}
