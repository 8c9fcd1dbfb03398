// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

/** What travels to the address of a node. */
sealed interface NodeMessage permits CommandBatch, CommandBatch.Disinterest, DeliveryBatch {

    void receivedBy(NodeBus bus);
}
