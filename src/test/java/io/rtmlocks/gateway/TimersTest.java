// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.shard.Sources;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class TimersTest {
    private static final long STEP = Timers.STEP_MILLIS;
    private static final long A_STEP_BEGINS = 40 * STEP;

    /** Confined to the one context that each test uses. */
    private final List<String> done = new ArrayList<>();

    private static Timers timers(Vertx vertx, LongSupplier monotonicMillis) {
        return new Timers(vertx, Sources.SYSTEM.clock(1_000, 1_000), monotonicMillis);
    }

    private void expect(VertxTestContext test, String... all) {
        test.verify(() -> assertThat(done).containsExactly(all)).completeNow();
    }

    @Test
    void what_is_due_in_one_step_happens_in_one_turn_in_the_order_of_asking(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(v -> {
            Timers timers = timers(vertx, () -> A_STEP_BEGINS);
            timers.after(STEP + 1, () -> expect(test, "first", "second", "third", "another turn"));
            timers.after(STEP, () -> {
                done.add("first");
                vertx.runOnContext(w -> done.add("another turn"));
            });
            timers.after(1, () -> done.add("second"));
            timers.after(2, () -> done.add("third"));
        });
    }

    @Test
    void what_is_cancelled_does_not_happen_even_in_the_turn_of_its_step(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(v -> {
            Timers timers = timers(vertx, () -> A_STEP_BEGINS);
            timers.cancel(Timers.NONE);
            timers.cancel(timers.after(1, () -> done.add("cancelled")));
            long[] next = {Timers.NONE};
            timers.after(1, () -> timers.cancel(next[0]));
            next[0] = timers.after(2, () -> done.add("cancelled just before"));
            timers.after(3, () -> done.add("third"));
            timers.after(STEP + 1, () -> expect(test, "third"));
        });
    }

    @Test
    void one_that_fails_does_not_take_others_with_it(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(v -> {
            Vertx.currentContext().exceptionHandler(failure -> done.add(failure.getMessage()));
            Timers timers = timers(vertx, () -> A_STEP_BEGINS);
            timers.after(1, () -> {
                throw new IllegalStateException("it fails");
            });
            timers.after(2, () -> expect(test, "it fails"));
        });
    }

    @Test
    void what_comes_again_and_again_can_end_itself(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(v -> {
            Timers timers = timers(vertx, Sources.SYSTEM::monotonicMillis);
            long[] timer = {Timers.NONE};
            timer[0] = timers.every(STEP, () -> {
                done.add("again");
                if (done.size() == 3) {
                    timers.cancel(timer[0]);
                    timers.after(3 * STEP, () -> expect(test, "again", "again", "again"));
                }
            });
        });
    }

    @Test
    void what_comes_again_and_again_goes_on_apart_from_what_began_with_it(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(v -> {
            Timers timers = timers(vertx, Sources.SYSTEM::monotonicMillis);
            long periodMillis = 20 * STEP;
            for (String name : List.of("a", "b")) {
                timers.every(periodMillis, () -> {
                    done.add(name);
                    vertx.runOnContext(w -> done.add("turn"));
                });
            }
            timers.after(2 * periodMillis, () -> expect(test, "a", "b", "turn", "turn", "a", "turn", "b", "turn"));
        });
    }

    /** Each connection begins three timers, the second of which comes again and again. */
    @Test
    void a_thousand_that_begin_together_are_spread_evenly() {
        Map<Long, Long> inTenths = LongStream.range(0, 1_000)
                .mapToObj(connection -> Timers.part(3 * connection + 2, 5_000) / 500)
                .collect(Collectors.groupingBy(tenth -> tenth, Collectors.counting()));
        assertThat(inTenths)
                .hasSize(10)
                .allSatisfy((tenth, count) -> assertThat(count).isBetween(98L, 102L));
    }

    @Test
    void nothing_happens_before_its_time(Vertx vertx, VertxTestContext test) {
        vertx.runOnContext(v -> {
            Timers timers = timers(vertx, Sources.SYSTEM::monotonicMillis);
            for (int millis = 0; millis <= 3 * STEP; millis++) {
                long dueMillis = Sources.SYSTEM.monotonicMillis() + millis;
                timers.after(
                        millis,
                        () -> test.verify(() ->
                                assertThat(Sources.SYSTEM.monotonicMillis()).isGreaterThanOrEqualTo(dueMillis)));
            }
            timers.after(5 * STEP, test::completeNow);
        });
    }
}
