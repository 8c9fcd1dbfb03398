// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks for an order of the requests for one lock in which every answer is right, and no request comes before one that had
 * been answered before it was sent (Wing and Gong's search, with Lowe's memory of where it has been).
 *
 * <p>Three things keep it short. A request that fits and changes nothing, and would not elsewhere, is put first at once:
 * whatever order there is, there is one with it here. Of two grants the one with the smaller token comes first. Requests
 * without outcome are tried last.
 */
final class LockSearch {

    private static final int PLACES_MAX = 3_000_000;

    /** What is certain, by the time it was sent. */
    private final List<Op> ops;

    /** What may have happened at any time after it was sent, or never. */
    private final List<Op> strays;

    private Place furthest = new Place(0, new BitSet(), new BitSet(), LockState.MISSING);

    /**
     * A place in the search.
     *
     * @param low how many of the first requests are all in order
     * @param ahead which of those behind {@code low} are as well
     */
    private record Place(int low, BitSet ahead, BitSet straysDone, LockState state) {
        int done() {
            return low + ahead.cardinality();
        }

        Place with(int op, LockState next) {
            BitSet now = (BitSet) ahead.clone();
            now.set(op - low);
            int whole = now.nextClearBit(0);
            return new Place(low + whole, now.get(whole, Math.max(whole, now.length())), straysDone, next);
        }

        Place withStray(int stray, LockState next) {
            BitSet now = (BitSet) straysDone.clone();
            now.set(stray);
            return new Place(low, ahead, now, next);
        }
    }

    LockSearch(List<Op> all) {
        List<Op> sorted =
                all.stream().sorted(Comparator.comparingLong(Op::invokedNanos)).toList();
        ops = sorted.stream().filter(op -> !op.isUnknown()).toList();
        strays = sorted.stream().filter(Op::isUnknown).toList();
    }

    /** Null when there is such an order, else how far one comes, and all requests, so that they can be judged again. */
    @Nullable
    String finding() {
        Set<Place> seen = new HashSet<>();
        Deque<Place> open = new ArrayDeque<>(List.of(furthest));
        while (!open.isEmpty()) {
            Place place = open.pop();
            if (place.low == ops.size()) {
                return null;
            }
            if (!seen.add(place)) {
                continue;
            }
            if (seen.size() > PLACES_MAX) {
                return "too many possible orders to judge; " + story();
            }
            if (place.done() > furthest.done()) {
                furthest = place;
            }
            steps(place).forEach(open::push);
        }
        return "no order of the requests explains the answers; " + story();
    }

    private String story() {
        List<String> next =
                window(furthest).stream().map(i -> ops.get(i).toString()).toList();
        return "%d of %d fit, and leave %s; then comes one of%n  %s%nof these, and at last those without outcome:%n  %s"
                .formatted(
                        furthest.done(),
                        ops.size(),
                        furthest.state,
                        String.join("\n  ", next),
                        Stream.concat(ops.stream(), strays.stream())
                                .map(Op::toString)
                                .collect(Collectors.joining("\n  ")));
    }

    /** Those that could be next: not in order yet, and none of the rest was answered before they were sent. */
    private List<Integer> window(Place place) {
        long firstAnswer = Op.NEVER;
        List<Integer> found = new ArrayList<>();
        for (int i = place.low; i < ops.size() && ops.get(i).invokedNanos() <= firstAnswer; i++) {
            if (!place.ahead.get(i - place.low)) {
                found.add(i);
                firstAnswer = Math.min(firstAnswer, ops.get(i).returnedNanos());
            }
        }
        long bound = firstAnswer;
        found.removeIf(i -> ops.get(i).invokedNanos() > bound);
        return found;
    }

    /** Where one gets from here, the most likely last. */
    private List<Place> steps(Place place) {
        List<Integer> window = window(place);
        List<Place> steps = new ArrayList<>();
        long nextToken = Long.MAX_VALUE;
        long firstAnswer = Op.NEVER;
        for (int i : window) {
            Op op = ops.get(i);
            firstAnswer = Math.min(firstAnswer, op.returnedNanos());
            if (op.isGrant()) {
                nextToken = Math.min(nextToken, op.answer().token());
            }
        }
        for (int i : window) {
            Op op = ops.get(i);
            LockState next = place.state.after(op);
            if (next == null || op.isGrant() && op.answer().token() > nextToken) {
                continue;
            }
            if (next.equals(place.state) && !op.mayCreate()) {
                return List.of(place.with(i, next));
            }
            steps.add(place.with(i, next));
        }
        List<Place> all = strayStepsBefore(firstAnswer, place);
        all.addAll(steps);
        return all;
    }

    private List<Place> strayStepsBefore(long firstAnswer, Place place) {
        List<Place> steps = new ArrayList<>();
        for (int i = 0; i < strays.size() && strays.get(i).invokedNanos() <= firstAnswer; i++) {
            LockState next = place.straysDone.get(i) ? null : place.state.after(strays.get(i));
            if (next != null && !next.equals(place.state)) {
                steps.add(place.withStray(i, next));
            }
        }
        return steps;
    }
}
