// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.LockView;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A lock is granted only when nobody has it, is lost only by who has it, and all views agree on who that is (PROTOCOL.md §4, rule 1). */
final class OneOwner implements Invariant {

    @Override
    public void before(Effect effect, Turn turn, Ledger ledger) {
        if (effect instanceof Effect.Published published) {
            checkEvent(published.event(), ledger);
        } else if (effect instanceof Effect.Resumed resumed) {
            checkHeld(resumed, ledger);
        } else if (effect instanceof Effect.Replied reply && reply.reply().answer() instanceof Answer.Locks locks) {
            locks.locks().forEach(view -> checkView(locks, view, ledger));
        }
    }

    private void checkEvent(LockEvent event, Ledger ledger) {
        Ledger.Ownership owner = ledger.owner(new Ledger.LockName(event.channel(), event.lockName()));
        switch (event.type()) {
            case SET, ACQUIRED -> expect(owner == null, event, owner);
            case RELEASED, EXPIRED -> expect(owner != null && isEndOf(owner, event), event, owner);
            case REMOVED ->
                expect(owner == null ? "".equals(event.previousOwner()) : isEndOf(owner, event), event, owner);
        }
    }

    private static boolean isEndOf(Ledger.Ownership owner, LockEvent event) {
        return owner.userId.equals(event.previousOwner()) && owner.token == event.fencingToken();
    }

    private void expect(boolean condition, LockEvent event, Ledger.@Nullable Ownership owner) {
        if (!condition) {
            broken(
                    "%s while the owner is %s",
                    event, owner == null ? "nobody" : owner.sessionId + " by " + owner.token);
        }
    }

    private void checkHeld(Effect.Resumed resumed, Ledger ledger) {
        Set<List<Object>> told = resumed.held().stream()
                .map(held -> List.<Object>of(held.channel(), held.lockName(), held.fencingToken()))
                .collect(Collectors.toSet());
        Set<List<Object>> known = ledger.owners().entrySet().stream()
                .filter(entry -> entry.getValue().sessionId.equals(resumed.sessionId()))
                .map(OneOwner::held)
                .collect(Collectors.toSet());
        if (!told.equals(known)) {
            broken("%s is told to hold %s and holds %s", resumed.sessionId(), told, known);
        }
    }

    private static List<Object> held(Map.Entry<Ledger.LockName, Ledger.Ownership> owned) {
        return List.of(owned.getKey().channel(), owned.getKey().name(), owned.getValue().token);
    }

    private void checkView(Answer.Locks locks, LockView view, Ledger ledger) {
        if (!ledger.agrees(locks.channel(), view)) {
            broken("%s is shown, which is not what the events said", view);
        }
    }
}
