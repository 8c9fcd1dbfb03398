// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import java.util.List;

/**
 * What a shard sends to a gateway, in order.
 *
 * @param stream the conversation it belongs to, see {@link CommandBatch}
 * @param number of this message among those of the shard in the stream
 */
public record DeliveryBatch(int shard, long stream, long number, List<Delivery> deliveries) implements NodeMessage {
    @Override
    public void receivedBy(NodeBus bus) {
        bus.received(this);
    }
}
