// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

/** The context of a shard: what is given to it runs there, one after the other, never within the call. */
public interface ShardExecutor {

    /** Runs the task soon, after those given before. */
    void execute(Runnable task);

    /** Runs the task when that many milliseconds have passed. */
    void schedule(long delayMillis, Runnable task);

    /**
     * Runs the task after about that many milliseconds, in one moment with those of other shards that have the same period: what they
     * then tell another node travels together.
     */
    default void scheduleInStep(long periodMillis, Runnable task) {
        schedule(periodMillis, task);
    }
}
