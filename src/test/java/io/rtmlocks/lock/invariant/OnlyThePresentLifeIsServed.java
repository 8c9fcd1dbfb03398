// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;

/** A request counts only from a session that is online, in its present epoch; and then it counts (PROTOCOL.md §2). */
final class OnlyThePresentLifeIsServed implements Invariant {

    @Override
    public void after(Turn turn, Ledger ledger) {
        if (turn.command() instanceof Command.Request request) {
            Caller caller = request.caller();
            Ledger.Presence presence = ledger.presence(caller.sessionId());
            boolean isServed = presence != null && presence.online && presence.epoch == caller.epoch();
            boolean wasRefused = turn.effects().stream()
                    .anyMatch(each -> each instanceof Effect.NotAdmitted refused
                            && refused.caller().equals(caller));
            if (isServed == wasRefused || (wasRefused && turn.effects().size() > 1)) {
                broken("%s is %s, and had %s", caller, isServed ? "here" : "not here", turn.effects());
            }
        }
    }
}
