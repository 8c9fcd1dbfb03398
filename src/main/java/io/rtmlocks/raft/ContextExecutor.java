// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.rtmlocks.shard.Steps;
import io.vertx.core.Context;

/**
 * The context of a verticle.
 *
 * @param context the one on which the shard lives
 * @param steps the same for all shards of a node
 */
public record ContextExecutor(Context context, Steps steps) implements ShardExecutor {

    @Override
    public void execute(Runnable task) {
        context.runOnContext(v -> task.run());
    }

    /** The moments of all shards are the multiples of the period. */
    @Override
    public void scheduleInStep(long periodMillis, Runnable task) {
        steps.once(periodMillis, () -> execute(task));
    }

    @Override
    public void schedule(long delayMillis, Runnable task) {
        steps.vertx().setTimer(Math.max(1, delayMillis), id -> execute(task));
    }
}
