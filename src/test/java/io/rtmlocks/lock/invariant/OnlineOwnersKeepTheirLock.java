// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;

/** A lock expires only when its owner has been offline, or out of the channel, for the whole ttl (PROTOCOL.md §4). */
final class OnlineOwnersKeepTheirLock implements Invariant {

    private static final long MILLIS_PER_SECOND = 1_000;

    @Override
    public void before(Effect effect, Turn turn, Ledger ledger) {
        if (effect instanceof Effect.Published published && published.event().type() == LockEvent.Type.EXPIRED) {
            LockEvent event = published.event();
            Ledger.Ownership owner = ledger.owner(new Ledger.LockName(event.channel(), event.lockName()));
            if (owner == null || owner.awaySinceMillis == null) {
                broken("%s while its owner is there", event);
            } else if (turn.moment().monotonicMillis() - owner.awaySinceMillis < owner.ttlSeconds * MILLIS_PER_SECOND) {
                broken("%s before the ttl is over", event);
            }
        }
    }
}
