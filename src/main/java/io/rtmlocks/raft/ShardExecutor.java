// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

/** The context of a shard: what is given to it runs there, one after the other, never within the call. */
public interface ShardExecutor {

    /** Runs the task soon, after those given before. */
    void execute(Runnable task);

    /** Runs the task when that many milliseconds have passed. */
    void schedule(long delayMillis, Runnable task);
}
