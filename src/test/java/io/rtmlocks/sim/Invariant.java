// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.Moment;
import java.util.List;

/** A promise to clients that no run may break, as seen from outside; it throws {@link Broken} when one does. */
interface Invariant {

    /** An entry was applied for the first time. */
    default void onApplied(Moment moment, Command command, List<Effect> effects, long nowMillis) {}

    /** A client got an answer. */
    default void onAnswer(Client client, Effect.Replied reply) {}

    /** A client was told that nothing happened. */
    default void onNothingHappened(Client client, long requestId) {}

    /** A subscriber sees an event. */
    default void onEvent(Client client, LockEvent event) {}

    /** A subscriber sees a channel as it is. */
    default void onSnapshot(Client client, Effect.Snapshotted snapshot) {}

    /** All faults are healed, and everybody had time. */
    default void atTheEnd(Simulation simulation) {}

    default void broken(String message, Object... arguments) {
        throw new Broken(getClass().getSimpleName(), message.formatted(arguments));
    }
}
