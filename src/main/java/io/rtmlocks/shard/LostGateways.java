// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * When the sessions of a gateway that was lost count as offline: only when it must have noticed as well.
 *
 * <p>A gateway on the other side of a cut goes on telling its clients that all is well until its own failure detector says
 * otherwise. Confined to the shard's context.
 */
final class LostGateways implements Predicate<String> {

    private final long detectedWithinMillis;
    private final Map<String, Long> sinceMillis = new HashMap<>();
    private NodeBus.Nodes nodes = NodeBus.Nodes.NONE;
    private long nowMillis;

    /** @param detectedWithinMillis how long it may take a node to notice that it has lost the others */
    LostGateways(long detectedWithinMillis) {
        this.detectedWithinMillis = detectedWithinMillis;
    }

    /** Who is there now. */
    LostGateways at(NodeBus.Nodes present, long millis) {
        nodes = present;
        nowMillis = millis;
        sinceMillis.keySet().removeIf(nodes::isPresent);
        return this;
    }

    /** Nobody looks for now, and so nobody sees who comes back: whoever is gone then is taken to go only then. */
    void forgetAll() {
        sinceMillis.clear();
    }

    /** @return whether it has been gone for long enough */
    @Override
    public boolean test(String gateway) {
        return !nodes.isPresent(gateway)
                && nowMillis - sinceMillis.computeIfAbsent(gateway, lost -> nowMillis) >= detectedWithinMillis;
    }
}
