// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import java.util.List;

/**
 * What a gateway asks of a shard, in order.
 *
 * <p>A stream is a conversation of a gateway with a leader: messages are numbered both ways. It begins with message 0, in
 * which the gateway tells all that the leader must know of it, and ends as soon as one message is missing.
 *
 * @param stream grows with each new one of this gateway and shard
 * @param number of this message in the stream
 * @param permits what sessions may do from here on, this message included
 */
public record CommandBatch(
        int shard, String gateway, long stream, long number, List<Permit> permits, List<Command> commands)
        implements NodeMessage {

    /** What a session may do in this epoch: comes with the word that it is online, and when it changes. */
    public record Permit(String sessionId, long epoch, Rights rights) {}

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

    /** The node does not lead the shard, or missed something: this message of the stream, and what follows, is not taken. */
    public record Refused(int shard, long stream, long number) implements NodeMessage {
        @Override
        public void receivedBy(NodeBus bus) {
            bus.received(this);
        }
    }
}
