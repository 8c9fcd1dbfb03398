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
 * How nodes without memory become a cluster, and one that comes back finds it: they agree on a {@link Charter}.
 *
 * <pre>
 * state     | what the others say                                      | next state
 * ----------+----------------------------------------------------------+---------------------------------
 * NO CHARTER| one has a charter that is not void                       | that CHARTER: this node joins
 * NO CHARTER| all nodes are there, none has one, this has the first name| a new CHARTER, drawn up for all
 * NO CHARTER| a majority is rooted in the one this node took for void  | that CHARTER again
 * NO CHARTER| anything else                                            | NO CHARTER
 * CHARTER   | a majority lives by another one                          | that CHARTER: ours never decided anything
 * CHARTER   | all nodes are there, and for VOID_MILLIS no majority of  | NO CHARTER, and this one is void
 *           |   them is rooted: their memory is lost                   |
 * </pre>
 *
 * <p>Two charters may be drawn up when a node dies while it does so. Only one of them can have a majority, because a founder
 * takes part in one. Pure; confined to one context.
 */
final class Founding {

    static final long VOID_MILLIS = 10_000;
    private static final long NEVER = -1;

    private final Member self;
    private final int size;
    private final Supplier<String> ids;
    private final Map<String, Report> reports = new HashMap<>();
    private final Set<String> voidIds = new HashSet<>();
    private List<Member> present = List.of();
    private @Nullable Charter charter;
    private @Nullable Charter last;
    private boolean isRooted;
    private long rootlessSinceMillis = NEVER;

    /**
     * @param size how many nodes the cluster is meant to have
     * @param ids new ones, each different from all others
     */
    Founding(Member self, int size, Supplier<String> ids) {
        this.self = self;
        this.size = size;
        this.ids = ids;
    }

    @Nullable
    Charter charter() {
        return charter;
    }

    Report report() {
        return new Report(self, charter, isRooted);
    }

    void onMembers(List<Member> members) {
        present = members;
        reports.values().removeIf(report -> !members.contains(report.member()));
    }

    void onReport(Report report) {
        if (present.contains(report.member()) && !report.member().equals(self)) {
            reports.put(report.member().name(), report);
        }
    }

    /** @param rooted whether the replicas of this node count */
    void onTick(long nowMillis, boolean rooted) {
        isRooted = rooted;
        Charter before = charter;
        charter = charter == null ? found() : keep(charter, nowMillis);
        last = charter == null ? last : charter;
        if (!Objects.equals(before, charter)) {
            isRooted = false;
            rootlessSinceMillis = NEVER;
        }
    }

    private @Nullable Charter found() {
        return others().filter(each -> !voidIds.contains(each.id()) || isAliveAfterAll(each))
                .min(Comparator.comparing(Charter::id))
                .orElseGet(() -> mayDrawUp() ? new Charter(ids.get(), sorted(present)) : null);
    }

    /** We took it for void, and left nothing yet: but for a majority it never was. */
    private boolean isAliveAfterAll(Charter other) {
        long living = reports.values().stream()
                .filter(report -> report.isRooted() && other.equals(report.charter()))
                .count();
        return other.equals(last) && living > size / 2;
    }

    private boolean mayDrawUp() {
        return isComplete()
                && others().findAny().isEmpty()
                && sorted(present).get(0).equals(self);
    }

    private @Nullable Charter keep(Charter ours, long nowMillis) {
        for (Charter other : others().toList()) {
            boolean isMajority = others().filter(other::equals).count() > size / 2;
            if (!other.equals(ours) && isMajority && !voidIds.contains(other.id())) {
                voidIds.add(ours.id());
                return other;
            }
        }
        if (!isComplete() || rooted() > size / 2) {
            rootlessSinceMillis = NEVER;
        } else if (rootlessSinceMillis == NEVER) {
            rootlessSinceMillis = nowMillis;
        } else if (nowMillis - rootlessSinceMillis >= VOID_MILLIS) {
            voidIds.add(ours.id());
            return null;
        }
        return ours;
    }

    private long rooted() {
        return reports.values().stream().filter(Report::isRooted).count() + (isRooted ? 1 : 0);
    }

    private Stream<Charter> others() {
        return reports.values().stream().map(Report::charter).filter(Objects::nonNull);
    }

    /** All nodes are there, and have been heard. */
    private boolean isComplete() {
        long names = present.stream().map(Member::name).distinct().count();
        return names == size && present.size() == size && reports.size() == size - 1;
    }

    private static List<Member> sorted(List<Member> members) {
        List<Member> sorted = new ArrayList<>(members);
        sorted.sort(Comparator.comparing(Member::name));
        return sorted;
    }
}
