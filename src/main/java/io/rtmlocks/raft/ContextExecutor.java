// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.function.LongSupplier;

/**
 * The context of a verticle.
 *
 * @param context the one on which the shard lives
 * @param monotonicMillis the same for all shards of a node
 */
public record ContextExecutor(Vertx vertx, Context context, LongSupplier monotonicMillis) implements ShardExecutor {

    @Override
    public void execute(Runnable task) {
        context.runOnContext(v -> task.run());
    }

    /** The moments of all shards are the multiples of the period. */
    @Override
    public void scheduleInStep(long periodMillis, Runnable task) {
        long nowMillis = monotonicMillis.getAsLong();
        long nearest = Math.floorDiv(nowMillis + periodMillis + periodMillis / 2, periodMillis) * periodMillis;
        schedule(nearest - nowMillis, task);
    }

    @Override
    public void schedule(long delayMillis, Runnable task) {
        vertx.setTimer(Math.max(1, delayMillis), id -> execute(task));
    }
}
