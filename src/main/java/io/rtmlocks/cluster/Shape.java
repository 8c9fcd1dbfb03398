// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What a cluster is called and how it is cut: the same on all its nodes, and for as long as it runs.
 *
 * @param name ASCII, at most 255 characters
 * @param size how many nodes it is meant to have: by that majorities are counted
 * @param shards over how many its channels are spread: by that everybody finds the shard of a channel
 */
public record Shape(String name, int size, int shards) {

    /** @return why a node of that shape is none of this cluster, null when it may be one */
    @Nullable
    String difference(Shape other) {
        if (!other.name.equals(name)) {
            return "its cluster.name is " + other.name + " and not " + name;
        }
        if (other.size != size) {
            return "its cluster.size is " + other.size + " and not " + size;
        }
        return other.shards == shards ? null : "its cluster.shards is " + other.shards + " and not " + shards;
    }
}
