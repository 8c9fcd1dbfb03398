// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** A grant that was asked for after another was answered has the greater token; only the owner itself hears its own again. */
final class TokensGrow implements Check {

    @Override
    public List<String> findings(History history) {
        List<String> findings = new ArrayList<>();
        history.opsByLock().values().forEach(ops -> check(ops, findings));
        return findings;
    }

    private static void check(List<Op> ops, List<String> findings) {
        List<Op> grants = ops.stream()
                .filter(Op::isGrant)
                .sorted(Comparator.comparingLong(Op::invokedNanos))
                .toList();
        PriorityQueue<Op> pending = new PriorityQueue<>(Comparator.comparingLong(Op::returnedNanos));
        Op highest = null;
        for (Op grant : grants) {
            while (!pending.isEmpty() && pending.element().returnedNanos() < grant.invokedNanos()) {
                Op answered = pending.remove();
                if (highest == null
                        || answered.answer().token() > highest.answer().token()) {
                    highest = answered;
                }
            }
            pending.add(grant);
            if (highest != null && !mayFollow(highest, grant)) {
                findings.add("after " + highest + " came " + grant);
            }
        }
    }

    private static boolean mayFollow(Op former, Op later) {
        long before = former.answer().token();
        long after = later.answer().token();
        return after > before || after == before && later.client().equals(former.client());
    }
}
