// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import java.util.List;

/** A promise to clients that no run may break, as seen from outside; it throws {@link Broken} when one does. */
interface Invariant {

    /** Somebody who may lead is asked to append a command. */
    default void onAsked(int shard, Command command) {}

    /** An entry was applied for the first time. */
    default void onApplied(int shard, Command command, List<Effect> effects) {}

    /** A client got an answer that is the outcome of its request. */
    default void onAnswer(Client client, long requestId, String frame) {}

    /** A client was told that it has a lock. */
    default void onGranted(Client client, Holdings.LockRef lock, long token) {}

    /** A client was told that nothing happened. */
    default void onNothingHappened(Client client, long requestId) {}

    /** A client that asked for its former session, if it had one, has got a new one. */
    default void onNewSession(Client client, String formerSessionId) {}

    /** A frame leaves for a client. */
    default void onWritten(Client client, String frame) {}

    /** A client is not subscribed to a channel any more. */
    default void onUnsubscribed(Client client, ChannelKey channel) {}

    /** A subscriber sees an event. */
    default void onEvent(Client client, ChannelKey channel, long seq, String frame) {}

    /** A subscriber sees a channel as it is. */
    default void onSnapshot(Client client, ChannelKey channel, long seq, String frame) {}

    /** All faults are healed, and everybody had time. */
    default void atTheEnd() {}

    default void broken(String message, Object... arguments) {
        throw new Broken(getClass().getSimpleName(), message.formatted(arguments));
    }
}
