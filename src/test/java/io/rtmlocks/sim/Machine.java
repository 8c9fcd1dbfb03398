// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * One life of one node: a process with clocks of its own, that can be stopped for a while, or killed for good.
 *
 * <p>What is given to it runs there one after the other; not while it is stopped, and never once it is dead.
 */
final class Machine {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Clockwork clockwork;
    private final String name;
    private final int life;
    private final long monotonicOffsetMillis;
    private final Queue<Runnable> held = new ArrayDeque<>();
    private long utcOffsetMillis;
    private boolean stopped;
    private boolean dead;

    Machine(Clockwork clockwork, String name, int life, long monotonicOffsetMillis, long utcOffsetMillis) {
        this.clockwork = clockwork;
        this.name = name;
        this.life = life;
        this.monotonicOffsetMillis = monotonicOffsetMillis;
        this.utcOffsetMillis = utcOffsetMillis;
    }

    String name() {
        return name;
    }

    /** The name of this life alone. */
    String id() {
        return name + "/" + life;
    }

    boolean isDead() {
        return dead;
    }

    long monotonicMillis() {
        return clockwork.nowMillis() + monotonicOffsetMillis;
    }

    long nanos() {
        return monotonicMillis() * NANOS_PER_MILLI;
    }

    long utcMillis() {
        return clockwork.nowMillis() + utcOffsetMillis;
    }

    void shiftUtc(long millis) {
        utcOffsetMillis += millis;
    }

    void run(Runnable task) {
        if (stopped) {
            held.add(task);
        } else if (!dead) {
            task.run();
        }
    }

    void after(long millis, Runnable task) {
        clockwork.after(millis, () -> run(task));
    }

    void every(long millis, Runnable task) {
        after(millis, () -> {
            task.run();
            every(millis, task);
        });
    }

    void stop() {
        stopped = true;
    }

    void goOn() {
        stopped = false;
        while (!held.isEmpty() && !stopped) {
            run(held.remove());
        }
    }

    void kill() {
        dead = true;
        stopped = false;
        held.clear();
    }
}
