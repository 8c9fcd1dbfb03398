// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

/** A message between nodes about their cluster: only its members understand it. */
@SuppressWarnings("ArrayRecordComponent") // handed over, and never compared
public record PeerMessage(byte[] bytes) implements NodeMessage {
    @Override
    public void receivedBy(NodeBus bus) {
        bus.received(this);
    }
}
