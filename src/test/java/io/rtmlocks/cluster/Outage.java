// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** What the probes around one fault say of how long it was felt. */
final class Outage {

    private static final long BEFORE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** Probes that nobody answered for so long were meant for a shard that had lost its leader. */
    private static final long STALL_MILLIS = 400;

    private final List<Prober.Probe> probes;
    private final long struckNanos;

    Outage(Collection<Prober.Probe> probes, long struckNanos) {
        this.probes = List.copyOf(probes);
        this.struckNanos = struckNanos;
    }

    /** Of each shard that stood still: from the last success before to the first after, seen from these nodes. */
    List<Long> stallsMillis(Set<Integer> nodes) {
        TreeMap<Integer, Long> last = new TreeMap<>();
        TreeMap<Integer, Long> longest = new TreeMap<>();
        probes.stream()
                .filter(probe -> nodes.contains(probe.node()) && probe.code() == 0)
                .filter(probe -> probe.answeredNanos() >= struckNanos - BEFORE_NANOS)
                .sorted((one, other) -> Long.compare(one.answeredNanos(), other.answeredNanos()))
                .forEach(probe -> {
                    Long before = last.put(probe.shard(), probe.answeredNanos());
                    if (before != null && probe.answeredNanos() > struckNanos) {
                        longest.merge(probe.shard(), probe.answeredNanos() - before, Math::max);
                    }
                });
        return longest.values().stream()
                .map(TimeUnit.NANOSECONDS::toMillis)
                .filter(millis -> millis >= STALL_MILLIS)
                .toList();
    }

    /** From the strike until every shard has answered with success a question put after it. */
    OptionalLong servesAfterMillis(Set<Integer> nodes, int shards) {
        return lastOfFirsts(nodes, shards, Set.of(0));
    }

    /** From the strike until every shard has refused a question put after it. */
    OptionalLong refusesAfterMillis(Set<Integer> nodes, int shards) {
        return lastOfFirsts(nodes, shards, Set.of(-14009));
    }

    private OptionalLong lastOfFirsts(Set<Integer> nodes, int shards, Set<Integer> codes) {
        List<Long> firsts = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            int shard = i;
            LongStream times = probes.stream()
                    .filter(probe -> probe.shard() == shard && nodes.contains(probe.node()))
                    .filter(probe -> probe.askedNanos() >= struckNanos && codes.contains(probe.code()))
                    .mapToLong(Prober.Probe::answeredNanos);
            OptionalLong first = times.min();
            if (first.isEmpty()) {
                return first;
            }
            firsts.add(TimeUnit.NANOSECONDS.toMillis(first.getAsLong() - struckNanos));
        }
        return firsts.stream().mapToLong(Long::longValue).max();
    }
}
