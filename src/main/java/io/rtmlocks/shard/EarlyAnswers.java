// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Effect;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What a replica that does not lead answers the clients of its own node: two messages between nodes earlier than the leader, whose answer
 * comes all the same and then finds nobody who waits.
 *
 * <p>Nothing but answers. And none soon after somebody lost a lock, since that one is to hear of it, from the leader, before anybody else
 * gets the lock. Confined to the shard's context.
 */
final class EarlyAnswers {

    /** Far longer than word of a loss is under way. */
    static final long AFTER_A_LOSS_MILLIS = 250;

    private static final long NEVER = Long.MIN_VALUE;

    private final String gateway;
    private final LongSupplier millis;
    private final Consumer<Delivery.Answered> teller;
    private long quietUntilMillis = NEVER;

    /**
     * @param gateway that of this node
     * @param millis the time
     * @param teller brings answers there
     */
    EarlyAnswers(String gateway, LongSupplier millis, Consumer<Delivery.Answered> teller) {
        this.gateway = gateway;
        this.millis = millis;
        this.teller = teller;
    }

    /**
     * @param effects of a command that is committed
     * @param isAhead whether the leader cannot know that yet; what it knows, it answers
     */
    void onApplied(List<Effect> effects, boolean isAhead) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.LockLost) {
                quietUntilMillis = millis.getAsLong() + AFTER_A_LOSS_MILLIS;
            }
        }
        if (!isAhead || isQuiet()) {
            return;
        }
        for (Effect effect : effects) {
            if (effect instanceof Effect.Replied replied && replied.gateway().equals(gateway)) {
                teller.accept(Delivery.Answered.of(replied, false));
            }
        }
    }

    /** The time is asked for while it matters: most commands come long after any loss. */
    private boolean isQuiet() {
        if (quietUntilMillis != NEVER && millis.getAsLong() >= quietUntilMillis) {
            quietUntilMillis = NEVER;
        }
        return quietUntilMillis != NEVER;
    }
}
