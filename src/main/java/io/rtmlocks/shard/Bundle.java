// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import java.util.List;

/** What one node tells another in one turn, in the order in which it is to be received. */
record Bundle(List<NodeMessage> messages) implements NodeMessage {

    public Bundle {
        messages = List.copyOf(messages);
    }

    @Override
    public void receivedBy(NodeBus bus) {
        messages.forEach(each -> each.receivedBy(bus));
    }
}
