// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import java.util.List;

/**
 * A client has come to another gateway and goes on with its session there.
 *
 * @param logins how many logins the session had, this one included
 * @param gateway where the session is now
 */
public record Claim(String sessionId, long logins, String gateway) implements NodeMessage {
    @Override
    public void receivedBy(NodeBus bus) {
        bus.received(this);
    }

    /**
     * The former gateway has let go of the session, if it knew it.
     *
     * @param heard losses of which the client is known to have heard: their frames
     */
    public record Yielded(String sessionId, long logins, boolean wasKnown, List<String> heard) implements NodeMessage {
        @Override
        public void receivedBy(NodeBus bus) {
            bus.received(this);
        }
    }
}
