// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.docs;

import io.rtmlocks.Node;
import io.rtmlocks.gateway.RunningNode;
import io.rtmlocks.shard.CommandBatch;
import io.rtmlocks.shard.Leads;
import io.rtmlocks.shard.NodeMessages;
import java.util.List;

/** Two ways in which a gateway gets no answer: whoever is said to lead the shards hears nothing, or says that it does not lead. */
final class Faults {

    /** Later than that of the shards themselves: their own word does not count any more. */
    private static final int TERM = 2;

    private static final String DEAF = "node.of-which-nothing-is-heard";
    private static final String DEPOSED = "node.that-leads-no-more";

    /** A gateway drops word of shards that it has not. */
    private static final int SHARDS_MAX = 1_024;

    /** The gateway has heard it when it has answered once more than a message is passed on in its node. */
    private static final int TURNS = 4;

    private Faults() {}

    /** From here on no shard hears anything. */
    static void silence(Node node) {
        sayThatLeads(DEAF, node);
    }

    /** From here on every shard says that it does not lead. */
    static void depose(Node node) {
        node.vertx()
                .eventBus()
                .<byte[]>consumer(
                        DEPOSED,
                        message -> NodeMessages.opened(message.body()).stream()
                                .filter(CommandBatch.class::isInstance)
                                .map(CommandBatch.class::cast)
                                .forEach(batch -> send(
                                        node,
                                        batch.gateway(),
                                        new CommandBatch.Refused(batch.shard(), batch.stream(), batch.number()))));
        sayThatLeads(DEPOSED, node);
    }

    private static void send(Node node, String address, Object message) {
        node.vertx().eventBus().send(address, NodeMessages.encoded(message));
    }

    private static void sayThatLeads(String leader, Node node) {
        for (int shard = 0; shard < SHARDS_MAX; shard++) {
            send(node, node.busAddress(), new Leads(shard, "", TERM, leader, List.of()));
        }
        for (int i = 0; i < TURNS; i++) {
            RunningNode.await(node.counts());
        }
    }
}
