// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.shard.ShardClock;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Time on the gateway's context, where what is due in the same step happens in one turn, in the order in which it was asked for; never
 * before its time.
 *
 * <p>An event loop that has something to do within half a millisecond does not sleep. With moments of their own for the heartbeats and
 * the silence of thousands of connections it hardly ever would.
 */
final class Timers {

    static final long NONE = -1;

    /** Far less than any time that anybody counts on. */
    static final long STEP_MILLIS = 25;

    /** The fractions of its multiples are spread evenly, however many there are and whichever are left out. */
    private static final double GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

    private final Vertx vertx;
    private final ShardClock clock;
    private final LongSupplier monotonicMillis;

    /** What is due, by the number of the step; in each by the timer. */
    private final Map<Long, Map<Long, Runnable>> steps = new HashMap<>();

    private final Map<Long, Map<Long, Runnable>> stepOfTimer = new HashMap<>();
    private long lastTimer;

    /**
     * @param clock stands still while this process does, so that nobody is silent because we could not hear
     * @param monotonicMillis goes on
     */
    Timers(Vertx vertx, ShardClock clock, LongSupplier monotonicMillis) {
        this.vertx = vertx;
        this.clock = clock;
        this.monotonicMillis = monotonicMillis;
    }

    long millis() {
        return clock.millis();
    }

    long utcMillis() {
        return clock.now().utcMillis();
    }

    /** @return for {@link #cancel} */
    long after(long millis, Runnable action) {
        long timer = ++lastTimer;
        put(timer, monotonicMillis.getAsLong() + millis, action);
        return timer;
    }

    /**
     * Again and again, every so many milliseconds, but the second time sooner, by a part of them that is another one for each timer: what
     * began together, as when the clients of a node that died all come to this one, does not go on together.
     *
     * @return for {@link #cancel}
     */
    long every(long millis, Runnable action) {
        long timer = ++lastTimer;
        repeat(timer, monotonicMillis.getAsLong() + millis, part(timer, millis), millis, action);
        return timer;
    }

    static long part(long timer, long millis) {
        return (long) (timer * GOLDEN_RATIO % 1 * millis);
    }

    private void repeat(long timer, long dueMillis, long soonerMillis, long millis, Runnable action) {
        put(timer, dueMillis, () -> {
            long lastMillis = Math.max(dueMillis, monotonicMillis.getAsLong() - STEP_MILLIS);
            repeat(timer, lastMillis + millis - soonerMillis, 0, millis, action);
            action.run();
        });
    }

    void cancel(long timer) {
        Map<Long, Runnable> step = stepOfTimer.remove(timer);
        if (step != null) {
            step.remove(timer);
        }
    }

    private void put(long timer, long dueMillis, Runnable action) {
        long number = -Math.floorDiv(-dueMillis, STEP_MILLIS);
        Map<Long, Runnable> step = steps.computeIfAbsent(number, this::begin);
        step.put(timer, action);
        stepOfTimer.put(timer, step);
    }

    private Map<Long, Runnable> begin(long number) {
        long leftMillis = number * STEP_MILLIS - monotonicMillis.getAsLong();
        vertx.setTimer(Math.max(1, leftMillis), id -> run(steps.remove(number)));
        return new LinkedHashMap<>();
    }

    private void run(Map<Long, Runnable> step) {
        while (!step.isEmpty()) {
            long timer = step.keySet().iterator().next();
            Runnable action = step.remove(timer);
            stepOfTimer.remove(timer);
            runBeforeOthers(action, step);
        }
    }

    /** One that fails does not take others with it. */
    private void runBeforeOthers(Runnable action, Map<Long, Runnable> others) {
        boolean isDone = false;
        try {
            action.run();
            isDone = true;
        } finally {
            if (!isDone) {
                vertx.setTimer(1, id -> run(others));
            }
        }
    }
}
