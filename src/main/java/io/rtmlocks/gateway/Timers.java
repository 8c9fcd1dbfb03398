// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.shard.ShardClock;
import io.vertx.core.Vertx;

/**
 * Time on the gateway's context.
 *
 * @param clock stands still while this process does, so that nobody is silent because we could not hear
 */
record Timers(Vertx vertx, ShardClock clock) {

    static final long NONE = -1;

    long millis() {
        return clock.millis();
    }

    long utcMillis() {
        return clock.now().utcMillis();
    }

    /** @return for {@link #cancel} */
    long after(long millis, Runnable action) {
        return vertx.setTimer(Math.max(1, millis), id -> action.run());
    }

    long every(long millis, Runnable action) {
        return vertx.setPeriodic(millis, id -> action.run());
    }

    void cancel(long timer) {
        vertx.cancelTimer(timer);
    }
}
