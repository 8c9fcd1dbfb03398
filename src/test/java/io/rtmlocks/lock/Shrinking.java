// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Leaves out commands of a failing run, many at a time, then few, for as long as the same promise is broken. */
final class Shrinking {

    private static final int TRIES_MAX = 3_000;

    private final Function<List<Step>, Trial.@Nullable Failure> replay;
    private int tries;

    Shrinking(Function<List<Step>, Trial.@Nullable Failure> replay) {
        this.replay = replay;
    }

    Trial.Failure shrunk(Trial.Failure failure) {
        Trial.Failure smallest = failure;
        for (int size = failure.steps().size() / 2;
                size >= 1;
                size = size == 1 ? shrank(failure, smallest) : size / 2) {
            failure = smallest;
            smallest = without(size, smallest);
        }
        return smallest;
    }

    /** One more round of single commands when the last one was of use. */
    private static int shrank(Trial.Failure before, Trial.Failure after) {
        return after.steps().size() < before.steps().size() ? 1 : 0;
    }

    private Trial.Failure without(int size, Trial.Failure failure) {
        Trial.Failure smallest = failure;
        for (int at = smallest.steps().size() - size; at >= 0 && tries < TRIES_MAX; at -= size) {
            List<Step> fewer = new ArrayList<>(smallest.steps());
            fewer.subList(at, Math.min(at + size, fewer.size())).clear();
            tries++;
            Trial.Failure result = replay.apply(fewer);
            if (result != null && result.promise().equals(failure.promise())) {
                smallest = result;
            }
        }
        return smallest;
    }
}
