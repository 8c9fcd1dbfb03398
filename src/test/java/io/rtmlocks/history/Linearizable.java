// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every lock behaves as if each request had its whole effect at one moment between its sending and its answer. */
final class Linearizable implements Check {

    @Override
    public List<String> findings(History history) {
        return history.opsByLock().entrySet().stream()
                .map(each -> finding(each.getKey(), each.getValue(), history.lapses()))
                .filter(Objects::nonNull)
                .toList();
    }

    private static String finding(String lock, List<Op> ops, List<Lapse> lapses) {
        Map<String, List<Op>> byClient = ops.stream().collect(Collectors.groupingBy(Op::client));
        Stream<Op> expiries = lapses.stream()
                .filter(lapse -> byClient.containsKey(lapse.client()))
                .map(lapse ->
                        new Op(lapse.client(), lock, Op.Kind.MAY_EXPIRE, 0, lapse.fromNanos(), Op.NEVER, Answer.NONE));
        String finding = new LockSearch(Stream.concat(ops.stream(), expiries).toList()).finding();
        return finding == null ? null : lock + ": " + finding;
    }
}
