// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

/** A message between replicas of a shard: only their logs understand it. */
@SuppressWarnings("ArrayRecordComponent") // handed over, and never compared
public record ReplicaMessage(int shard, byte[] bytes) implements NodeMessage {
    @Override
    public void receivedBy(NodeBus bus) {
        bus.received(this);
    }
}
