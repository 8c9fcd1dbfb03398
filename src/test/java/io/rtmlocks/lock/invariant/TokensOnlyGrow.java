// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;

/** Each grant of a lock has a higher token than all before, also when it was removed in between (PROTOCOL.md §4, rule 2). */
final class TokensOnlyGrow implements Invariant {

    private static final long TOKEN_END = 1L << 53;

    @Override
    public void before(Effect effect, Turn turn, Ledger ledger) {
        if (effect instanceof Effect.Published published && published.event().type() == LockEvent.Type.ACQUIRED) {
            LockEvent event = published.event();
            long last = ledger.lastToken(new Ledger.LockName(event.channel(), event.lockName()));
            if (event.fencingToken() <= last || event.fencingToken() >= TOKEN_END) {
                broken("%s was granted with token %d after %d", event.lockName(), event.fencingToken(), last);
            }
        }
    }
}
