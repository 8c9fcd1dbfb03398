// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The {@link Founding} of every shard. What one node draws up at a time is one charter. Pure; confined to one context. */
final class Foundings {

    private final Member self;
    private final Supplier<String> ids;
    private final List<Founding> shards = new ArrayList<>();
    private @Nullable String drawnUp;

    /**
     * @param size how many nodes the cluster is meant to have
     * @param ids new ones, each different from all others
     */
    Foundings(Member self, int size, int shards, Supplier<String> ids) {
        this.self = self;
        this.ids = ids;
        for (int shard = 0; shard < shards; shard++) {
            this.shards.add(new Founding(self, size, shard, this::drawUp));
        }
    }

    private String drawUp() {
        if (drawnUp == null) {
            drawnUp = ids.get();
        }
        return drawnUp;
    }

    Report report(boolean isDraining) {
        return new Report(self, shards.stream().map(Founding::standing).toList(), isDraining);
    }

    void onMembers(List<Member> members) {
        shards.forEach(each -> each.onMembers(members));
    }

    /** A member that has fewer shards says nothing of the others. */
    void onReport(Report report) {
        for (int shard = 0; shard < Math.min(shards.size(), report.shards().size()); shard++) {
            shards.get(shard).onStanding(report.member(), report.shards().get(shard));
        }
    }

    /** @param voting the shards of which this node has a replica that counts */
    void onTick(long nowMillis, BitSet voting) {
        drawnUp = null;
        for (int shard = 0; shard < shards.size(); shard++) {
            shards.get(shard).onTick(nowMillis, voting.get(shard));
        }
    }

    /** @return the charters of the shards that have one, by the shards' numbers */
    Map<Integer, Charter> charters() {
        Map<Integer, Charter> charters = new TreeMap<>();
        for (int shard = 0; shard < shards.size(); shard++) {
            Charter charter = shards.get(shard).charter();
            if (charter != null) {
                charters.put(shard, charter);
            }
        }
        return charters;
    }
}
