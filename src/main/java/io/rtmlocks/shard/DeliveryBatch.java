// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import java.util.List;

/** What a shard sends to a gateway, in order. */
public record DeliveryBatch(List<Delivery> deliveries) implements NodeMessage {
    @Override
    public void receivedBy(NodeBus bus) {
        bus.received(this);
    }
}
