// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** A loop that does not take its task counts as stuck, for as long as that was looked for; nothing else does. */
class EventLoopsTest {
    private final Queue<Runnable> first = new ArrayDeque<>();
    private final Queue<Runnable> second = new ArrayDeque<>();
    private final List<Long> lags = new ArrayList<>();
    private long nanos;
    private final EventLoops loops = new EventLoops(List.of(first::add, second::add), () -> nanos, lags::add);

    @Test
    void loop_that_turns_tells_its_lag_and_is_never_stuck() {
        for (int i = 1; i <= 3; i++) {
            loops.look();
            nanos += i;
            turn(first);
            turn(second);
            assertThat(loops.stuckMillis()).isZero();
        }
        assertThat(lags).containsExactly(1L, 1L, 2L, 2L, 3L, 3L);
    }

    @Test
    void loop_that_stands_still_is_stuck_from_the_second_look_on_until_it_turns() {
        for (int i = 0; i < 5; i++) {
            loops.look();
            turn(first);
        }
        assertThat(loops.stuckMillis()).isEqualTo(4 * EventLoops.LOOK_MILLIS);
        assertThat(second).hasSize(1);

        turn(second);
        loops.look();
        assertThat(loops.stuckMillis()).isZero();
    }

    @Test
    void process_that_was_stopped_is_not_taken_for_stuck() {
        loops.look();
        nanos += 3_600_000_000_000L;
        loops.look();
        assertThat(loops.stuckMillis()).isEqualTo(EventLoops.LOOK_MILLIS);
    }

    private static void turn(Queue<Runnable> loop) {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }
}
