// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;

/**
 * Which shard a channel belongs to: the same on every node and in every version, as long as the number of shards is.
 *
 * @param shards how many shards there are
 */
public record ShardMap(int shards) {

    private static final int FNV_BASIS = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    public int shardOf(ChannelKey channel) {
        int hash = FNV_BASIS ^ (channel.type() == ChannelType.STREAM ? 1 : 0);
        String name = channel.name();
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return Math.floorMod(hash ^ (hash >>> 16), shards);
    }
}
