// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * While a client knows that it owns a lock, no other does. It knows from the answer to its request until it asks to give the
 * lock back, until anybody asks to take it away, or until its time to trust is over.
 */
final class HoldsDoNotOverlap implements Check {

    private record Hold(Op grant, long untilNanos) {
        long fromNanos() {
            return grant.returnedNanos();
        }
    }

    @Override
    public List<String> findings(History history) {
        List<String> findings = new ArrayList<>();
        history.opsByLock().values().forEach(ops -> check(ops, history.lapses(), findings));
        return findings;
    }

    private static void check(List<Op> ops, List<Lapse> lapses, List<String> findings) {
        List<Op> taking = ops.stream().filter(Op::mayTakeAway).toList();
        List<Op> releases =
                ops.stream().filter(op -> op.kind() == Op.Kind.RELEASE).toList();
        List<Hold> holds = ops.stream()
                .filter(Op::isGrant)
                .map(grant -> new Hold(grant, end(grant, releases, taking, lapses)))
                .filter(hold -> hold.untilNanos > hold.fromNanos())
                .sorted(Comparator.comparingLong(Hold::fromNanos))
                .toList();
        Hold longest = null;
        for (Hold hold : holds) {
            if (longest != null
                    && hold.fromNanos() < longest.untilNanos
                    && !hold.grant.client().equals(longest.grant.client())) {
                findings.add(longest.grant + " still held it at " + hold.grant);
            }
            if (longest == null || hold.untilNanos > longest.untilNanos) {
                longest = hold;
            }
        }
    }

    private static long end(Op grant, List<Op> releases, List<Op> taking, List<Lapse> lapses) {
        Stream<Long> own = releases.stream()
                .filter(op -> op.client().equals(grant.client())
                        && op.token() == grant.answer().token())
                .map(Op::invokedNanos);
        Stream<Long> taken = taking.stream()
                .filter(op -> op.returnedNanos() >= grant.invokedNanos())
                .map(Op::invokedNanos);
        Stream<Long> lapsed = lapses.stream()
                .filter(lapse -> lapse.client().equals(grant.client()) && lapse.fromNanos() >= grant.invokedNanos())
                .map(Lapse::fromNanos);
        return Stream.of(own, taken, lapsed)
                .flatMap(each -> each)
                .min(Long::compare)
                .orElse(Op.NEVER);
    }
}
