// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.executor.RaftNodeExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Runs what a replica has to do on its shard's context, where a second of the protocol is a fraction of one. MicroRaft gives in seconds
 * what comes again and again, and all else in milliseconds.
 */
final class PacedExecutor implements RaftNodeExecutor {

    private static final int TASKS_PER_TURN_MAX = 1_000;

    private final ShardExecutor executor;
    private final int speed;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean isTurnDue;
    private boolean stopped;

    PacedExecutor(ShardExecutor executor, int speed) {
        this.executor = executor;
        this.speed = speed;
    }

    /** Nothing runs any more. */
    void stop() {
        stopped = true;
    }

    /** A message makes some small tasks, each of which gives the next: they share a turn of the context. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (!isTurnDue) {
            isTurnDue = true;
            executor.execute(this::runAll);
        }
    }

    private void runAll() {
        try {
            for (int i = 0; i < TASKS_PER_TURN_MAX && !tasks.isEmpty(); i++) {
                run(tasks.remove());
            }
        } finally {
            isTurnDue = !tasks.isEmpty();
            if (isTurnDue) {
                executor.execute(this::runAll);
            }
        }
    }

    @Override
    public void submit(Runnable task) {
        execute(task);
    }

    @Override
    public void schedule(Runnable task, long delay, TimeUnit timeUnit) {
        long delayMillis = timeUnit.toMillis(delay) / speed;
        if (timeUnit == TimeUnit.SECONDS) {
            inStep(delayMillis, task);
        } else {
            executor.schedule(delayMillis, () -> run(task));
        }
    }

    /** After about that many milliseconds of the clock, in one moment with other shards. */
    void inStep(long millis, Runnable task) {
        executor.scheduleInStep(millis, () -> run(task));
    }

    private void run(Runnable task) {
        if (!stopped) {
            task.run();
        }
    }
}
