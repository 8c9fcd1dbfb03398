// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;

/** An ACQUIRED follows the owner's own answer with the same token, and that owner is online (PROTOCOL.md §4, rule 3). */
final class OnlyWhoIsThereIsGranted implements Invariant {

    @Override
    public void before(Effect effect, Turn turn, Ledger ledger) {
        if (effect instanceof Effect.Published published && published.event().type() == LockEvent.Type.ACQUIRED) {
            LockEvent event = published.event();
            Effect.Replied grant = ledger.lastGrant();
            if (grant == null
                    || !isGrantOf((Answer.Granted) grant.reply().answer(), event)
                    || !ledger.isOnline(grant.sessionId())) {
                broken("%s was granted without an answer to somebody who is there; the last was %s", event, grant);
            }
        }
    }

    private static boolean isGrantOf(Answer.Granted granted, LockEvent event) {
        return granted.channel().equals(event.channel())
                && granted.lockName().equals(event.lockName())
                && granted.owner().equals(event.owner())
                && granted.fencingToken() == event.fencingToken();
    }
}
