// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What is to be done later, or again and again, at the multiples of a period: all parts of a node do it in the same moment.
 *
 * <p>An event loop that has something to do within half a millisecond does not sleep, so that moments cost more than what is done in
 * them; and what is told another node in one moment travels together.
 *
 * @param nanos monotonic, the same for all parts of a node
 */
public record Steps(Vertx vertx, LongSupplier nanos) {

    /** Runs the task on the caller's context at the multiple of the period that is nearest to one from now. */
    public void once(long periodMillis, Runnable task) {
        long periodNanos = TimeUnit.MILLISECONDS.toNanos(periodMillis);
        long nowNanos = nanos.getAsLong();
        long nearest = Math.floorDiv(nowNanos + periodNanos + periodNanos / 2, periodNanos) * periodNanos;
        Future<Void> unused =
                vertx.timer(nearest - nowNanos, TimeUnit.NANOSECONDS).onSuccess(v -> task.run());
    }

    /** Runs the task on the caller's context at each multiple of the period, but for those that the context was too late for. */
    public Repeated every(long periodMillis, Runnable task) {
        Repeated repeated = new Repeated(periodMillis, task);
        repeated.next();
        return repeated;
    }

    /** Something that goes on until it is cancelled. Belongs to its context. */
    public final class Repeated {
        private final long periodMillis;
        private final Runnable task;
        private boolean isCancelled;

        private Repeated(long periodMillis, Runnable task) {
            this.periodMillis = periodMillis;
            this.task = task;
        }

        private void next() {
            once(periodMillis, () -> {
                if (!isCancelled) {
                    next();
                    task.run();
                }
            });
        }

        public void cancel() {
            isCancelled = true;
        }
    }
}
