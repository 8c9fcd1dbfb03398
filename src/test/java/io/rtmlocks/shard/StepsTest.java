// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtmlocks.sim.Stub;
import io.vertx.core.Handler;
import io.vertx.core.Timer;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes again and again in all parts of a node comes in the same moments, whenever each of them began. */
class StepsTest {

    private static final long PERIOD_MILLIS = 250;
    private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
    private static final int TIMES = 40;

    private final List<Long> delaysNanos = new ArrayList<>();
    private final List<Handler<?>> due = new ArrayList<>();
    private final Timer timer =
            new Stub().run("onSuccess", given -> due.add((Handler<?>) given[0])).as(Timer.class);
    private final Vertx vertx = new Stub().answer("timer", this::timer).as(Vertx.class);
    private long nowNanos;
    private final Steps steps = new Steps(vertx, () -> nowNanos);

    private Timer timer(Object[] given) {
        delaysNanos.add(((TimeUnit) given[1]).toNanos((Long) given[0]));
        return timer;
    }

    private void onTimer(long lateNanos) {
        nowNanos += delaysNanos.get(delaysNanos.size() - 1) + lateNanos;
        due.remove(0).handle(null);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 124_999_999, 125_000_000, 249_999_999, 12_345_678_901L, -1, -12_345_678_901L})
    void a_period_keeps_its_length_and_falls_into_step(long beginNanos) {
        nowNanos = beginNanos;
        List<Long> moments = new ArrayList<>();
        steps.every(PERIOD_MILLIS, () -> moments.add(nowNanos));
        for (int i = 0; i < TIMES; i++) {
            onTimer(i % 3);
        }
        assertThat(delaysNanos.get(0)).isBetween(PERIOD_NANOS / 2, PERIOD_NANOS * 3 / 2);
        assertThat(moments).hasSize(TIMES).allMatch(moment -> Math.floorMod(moment, PERIOD_NANOS) < 3);
        assertThat(moments.get(TIMES - 1) - moments.get(0))
                .isBetween((TIMES - 1) * PERIOD_NANOS - 2, (TIMES - 1) * PERIOD_NANOS + 2);
    }

    @Test
    void moments_that_were_missed_are_not_made_up_for() {
        List<Long> moments = new ArrayList<>();
        steps.every(PERIOD_MILLIS, () -> moments.add(nowNanos));
        onTimer(10 * PERIOD_NANOS);
        onTimer(0);
        assertThat(moments).containsExactly(11 * PERIOD_NANOS, 12 * PERIOD_NANOS);
    }

    @Test
    void what_fails_goes_on() {
        steps.every(PERIOD_MILLIS, () -> {
            throw new IllegalStateException("planted");
        });
        assertThatThrownBy(() -> onTimer(0)).hasMessage("planted");
        assertThat(due).hasSize(1);
    }

    @Test
    void what_was_cancelled_neither_happens_nor_goes_on() {
        List<Long> moments = new ArrayList<>();
        Steps.Repeated repeated = steps.every(PERIOD_MILLIS, () -> moments.add(nowNanos));
        repeated.cancel();
        onTimer(0);
        assertThat(moments).isEmpty();
        assertThat(due).isEmpty();
    }
}
