// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * With whom shards began, most often all of a cluster; all their replicas go back to it.
 *
 * @param id of this beginning; replicas of another one are strangers
 */
public record Charter(String id, List<Member> founders) {
    public Charter {
        founders = List.copyOf(founders);
    }

    /** @return the founders that began this shard: their incarnations by their names */
    public Map<String, String> foundersOf(int shard) {
        List<String> names = new Placement(founders.stream().map(Member::name).toList()).of(shard);
        return founders.stream()
                .filter(each -> names.contains(each.name()))
                .collect(Collectors.toMap(Member::name, Member::incarnation));
    }
}
