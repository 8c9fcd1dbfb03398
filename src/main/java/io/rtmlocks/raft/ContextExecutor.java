// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * The context of a verticle.
 *
 * @param context the one on which the shard lives
 */
public record ContextExecutor(Vertx vertx, Context context) implements ShardExecutor {

    @Override
    public void execute(Runnable task) {
        context.runOnContext(v -> task.run());
    }

    @Override
    public void schedule(long delayMillis, Runnable task) {
        vertx.setTimer(Math.max(1, delayMillis), id -> execute(task));
    }
}
