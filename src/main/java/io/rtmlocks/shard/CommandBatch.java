// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import java.util.List;

/** What a gateway asks of a shard, in order. */
public record CommandBatch(int shard, String gateway, List<Command> commands) implements NodeMessage {
    @Override
    public void receivedBy(NodeBus bus) {
        bus.received(this);
    }

    /** A gateway has no subscriber of this channel any more: it need not be told of its events. */
    public record Disinterest(int shard, String gateway, ChannelKey channel) implements NodeMessage {
        @Override
        public void receivedBy(NodeBus bus) {
            bus.received(this);
        }
    }
}
