// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

/** What travels to the address of a node. */
sealed interface NodeMessage
        permits CommandBatch,
                CommandBatch.Disinterest,
                CommandBatch.Refused,
                DeliveryBatch,
                DeliveryBatch.Told,
                Leads,
                ReplicaMessage,
                PeerMessage,
                Claim,
                Claim.Yielded,
                Bundle,
                NodeMessageCodec.Dropped {

    void receivedBy(NodeBus bus);
}
