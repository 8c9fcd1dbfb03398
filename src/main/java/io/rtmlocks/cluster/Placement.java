// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.util.ArrayList;
import java.util.List;

/** Which nodes have a replica of a shard: three of them, spread evenly, or all when there are no more. */
public record Placement(List<String> nodes) {

    private static final int REPLICAS_MAX = 3;

    public Placement {
        nodes = nodes.stream().sorted().toList();
    }

    /** @return the nodes that have the shard, first the one that should lead it */
    public List<String> of(int shard) {
        List<String> replicas = new ArrayList<>();
        for (int i = 0; i < Math.min(REPLICAS_MAX, nodes.size()); i++) {
            replicas.add(nodes.get((shard + i) % nodes.size()));
        }
        return replicas;
    }
}
