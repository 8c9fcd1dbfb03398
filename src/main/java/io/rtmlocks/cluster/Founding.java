// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How nodes without memory begin a shard, and one that comes back finds it: they agree on a {@link Charter}.
 *
 * <pre>
 * state     | what the others say                                      | next state
 * ----------+----------------------------------------------------------+---------------------------------
 * NO CHARTER| one has a charter that is not void                       | that CHARTER: this node joins
 * NO CHARTER| all nodes are there, none has one, this has the first name| a new CHARTER, drawn up for all
 * NO CHARTER| a majority votes in the one this node took for void      | that CHARTER again
 * NO CHARTER| anything else                                            | NO CHARTER
 * CHARTER   | a majority lives by another one                          | that CHARTER: ours never decided anything
 * CHARTER   | all nodes are there, and for VOID_MILLIS no majority of  | NO CHARTER, and this one is void
 *           |   the shard's replicas votes: its memory is lost         |
 * </pre>
 *
 * <p>Each shard is founded by itself: one whose memory is lost takes no other with it.
 *
 * <p>Two charters may be drawn up when a node dies while it does so. Only one of them can have a majority, because a founder
 * takes part in one. Pure; confined to one context.
 */
final class Founding {

    static final long VOID_MILLIS = 10_000;
    private static final long NEVER = -1;

    private final Member self;
    private final int size;
    private final int shard;
    private final Supplier<String> ids;

    /** How the others stand with the shard. */
    private final Map<Member, Report.Standing> others = new HashMap<>();

    private final Set<String> voidIds = new HashSet<>();
    private List<Member> present = List.of();
    private @Nullable Charter charter;
    private @Nullable Charter last;
    private boolean votes;
    private long lostSinceMillis = NEVER;

    /**
     * @param size how many nodes the cluster is meant to have
     * @param ids new ones, each different from all others
     */
    Founding(Member self, int size, int shard, Supplier<String> ids) {
        this.self = self;
        this.size = size;
        this.shard = shard;
        this.ids = ids;
    }

    @Nullable
    Charter charter() {
        return charter;
    }

    Report.Standing standing() {
        return new Report.Standing(charter, votes);
    }

    void onMembers(List<Member> members) {
        present = members;
        others.keySet().retainAll(members);
    }

    void onStanding(Member member, Report.Standing standing) {
        if (present.contains(member) && !member.equals(self)) {
            others.put(member, standing);
        }
    }

    /** @param votesHere whether this node's replica counts */
    void onTick(long nowMillis, boolean votesHere) {
        votes = votesHere;
        Charter before = charter;
        charter = charter == null ? found() : keep(charter, nowMillis);
        last = charter == null ? last : charter;
        if (!Objects.equals(before, charter)) {
            votes = false;
            lostSinceMillis = NEVER;
        }
    }

    private @Nullable Charter found() {
        return charters()
                .filter(each -> !voidIds.contains(each.id()) || isAliveAfterAll(each))
                .min(Comparator.comparing(Charter::id))
                .orElseGet(() -> mayDrawUp() ? new Charter(ids.get(), sorted(present)) : null);
    }

    /** We took it for void, and left nothing yet: but for a majority it never was. */
    private boolean isAliveAfterAll(Charter other) {
        return other.equals(last) && isMajority(other, voters(other));
    }

    private boolean isMajority(Charter of, long voters) {
        return voters > of.foundersOf(shard).size() / 2;
    }

    /** How many of the others vote by this charter. */
    private long voters(Charter by) {
        return others.values().stream()
                .filter(each -> each.votes() && by.equals(each.charter()))
                .count();
    }

    private boolean mayDrawUp() {
        return isComplete()
                && charters().findAny().isEmpty()
                && sorted(present).get(0).equals(self);
    }

    private @Nullable Charter keep(Charter ours, long nowMillis) {
        for (Charter other : charters().toList()) {
            boolean isMajority = charters().filter(other::equals).count() > size / 2;
            if (!other.equals(ours) && isMajority && !voidIds.contains(other.id())) {
                voidIds.add(ours.id());
                return other;
            }
        }
        if (!isComplete() || isMajority(ours, voters(ours) + (votes ? 1 : 0))) {
            lostSinceMillis = NEVER;
        } else if (lostSinceMillis == NEVER) {
            lostSinceMillis = nowMillis;
        } else if (nowMillis - lostSinceMillis >= VOID_MILLIS) {
            voidIds.add(ours.id());
            return null;
        }
        return ours;
    }

    /** Those by which the others live. */
    private Stream<Charter> charters() {
        return others.values().stream().map(Report.Standing::charter).filter(Objects::nonNull);
    }

    /** All nodes are there, and have been heard. */
    private boolean isComplete() {
        long names = present.stream().map(Member::name).distinct().count();
        return names == size && present.size() == size && others.size() == size - 1;
    }

    private static List<Member> sorted(List<Member> members) {
        List<Member> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(Member::name));
        return sorted;
    }
}
