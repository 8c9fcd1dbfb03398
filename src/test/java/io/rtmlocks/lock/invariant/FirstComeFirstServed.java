// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.Effect;
import java.util.List;

/** A grant goes to the longest waiting of those that are online; no newcomer passes one (PROTOCOL.md §4, rule 3). */
final class FirstComeFirstServed implements Invariant {

    @Override
    public void before(Effect effect, Turn turn, Ledger ledger) {
        if (effect instanceof Effect.Replied reply && reply.reply().answer() instanceof Answer.Granted granted) {
            Ledger.LockName lock = new Ledger.LockName(granted.channel(), granted.lockName());
            if (granted.fencingToken() > ledger.lastToken(lock)) {
                check(reply, ledger.onlineWaiters(lock));
            }
        }
    }

    private void check(Effect.Replied grant, List<Ledger.Wait> waiting) {
        Ledger.Wait winner = new Ledger.Wait(grant.sessionId(), grant.requestId());
        if (!waiting.isEmpty() && !waiting.get(0).equals(winner)) {
            broken("%s was granted before %s", winner, waiting);
        }
    }
}
