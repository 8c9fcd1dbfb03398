// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import java.util.List;

/**
 * A node says which shard it leads, to every node and again and again.
 *
 * @param charter by which the shard's replicas began; terms are counted anew in each
 * @param leader the address of the node
 * @param lines how far the conversations with gateways are: who misses something begins a new one
 */
public record Leads(int shard, String charter, int term, String leader, List<Line> lines) implements NodeMessage {

    /**
     * A conversation between a gateway and the leader of a shard.
     *
     * @param stream which one: a gateway counts them
     * @param heard how many messages of the gateway have come
     * @param said how many have been sent to it
     */
    public record Line(String gateway, long stream, long heard, long said) {}

    public Leads {
        lines = List.copyOf(lines);
    }

    @Override
    public void receivedBy(NodeBus bus) {
        bus.received(this);
    }
}
