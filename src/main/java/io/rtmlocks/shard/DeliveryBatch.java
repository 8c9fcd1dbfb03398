// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import java.util.List;

/**
 * What a shard sends to a gateway, in order.
 *
 * @param stream the conversation it belongs to, see {@link CommandBatch}
 * @param number of this message among those of the shard in the stream
 * @param committedNanos when the first of it was committed, on the clock of this process; {@link #ELSEWHERE} from another node
 */
public record DeliveryBatch(int shard, long stream, long number, List<Delivery> deliveries, long committedNanos)
        implements NodeMessage {

    /** Another node's clock means nothing here. */
    public static final long ELSEWHERE = Long.MIN_VALUE;

    DeliveryBatch(int shard, long stream, long number, List<Delivery> deliveries) {
        this(shard, stream, number, deliveries, ELSEWHERE);
    }

    @Override
    public void receivedBy(NodeBus bus) {
        bus.received(this);
    }

    /** The gateway has told its clients what is in that message of the stream: sent of those that say who lost a lock. */
    public record Told(int shard, String gateway, long stream, long number) implements NodeMessage {
        @Override
        public void receivedBy(NodeBus bus) {
            bus.received(this);
        }
    }
}
