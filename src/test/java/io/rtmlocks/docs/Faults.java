// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.docs;

import io.rtmlocks.shard.CommandBatch;
import io.rtmlocks.shard.Leads;
import io.vertx.core.Vertx;

/** Two ways in which a gateway gets no answer: its messages are lost, or nobody says that he leads. */
final class Faults {
    private Faults() {}

    /** From here on no shard hears anything. */
    static void silence(Vertx vertx) {
        vertx.eventBus().addOutboundInterceptor(delivery -> {
            if (!(delivery.body() instanceof CommandBatch)) {
                delivery.next();
            }
        });
    }

    /** From here on every shard says that it does not lead. */
    static void depose(Vertx vertx) {
        vertx.eventBus().addOutboundInterceptor(delivery -> {
            if (delivery.body() instanceof CommandBatch batch) {
                vertx.eventBus()
                        .send(batch.gateway(), new CommandBatch.Refused(batch.shard(), batch.stream(), batch.number()));
            } else if (!(delivery.body() instanceof Leads)) {
                delivery.next();
            }
        });
    }
}
