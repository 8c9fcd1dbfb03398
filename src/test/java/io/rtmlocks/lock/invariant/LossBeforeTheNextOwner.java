// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who loses a lock other than by its own release is told before anybody is granted it, or first thing when it is back (PROTOCOL.md §5). */
final class LossBeforeTheNextOwner implements Invariant {

    /** A loss that somebody has to be told. */
    private record Loss(ChannelKey channel, String lockName, long token) {
        static Loss of(Effect.Loss loss) {
            return new Loss(loss.channel(), loss.lockName(), loss.fencingToken());
        }
    }

    private final long rememberedMillis;
    private final Map<String, List<Loss>> owed = new HashMap<>();

    LossBeforeTheNextOwner(long rememberedMillis) {
        this.rememberedMillis = rememberedMillis;
    }

    @Override
    public void before(Effect effect, Turn turn, Ledger ledger) {
        if (effect instanceof Effect.Published published && published.event().type() != LockEvent.Type.SET) {
            checkEnd(published.event(), turn, ledger);
        } else if (effect instanceof Effect.Resumed resumed) {
            checkReturn(resumed, turn, ledger);
        }
    }

    private void checkEnd(LockEvent event, Turn turn, Ledger ledger) {
        Ledger.Ownership loser = ledger.owner(new Ledger.LockName(event.channel(), event.lockName()));
        boolean isOwnDoing = event.cause() == LockEvent.Cause.RELEASED || event.cause() == LockEvent.Cause.LOGOUT;
        if (loser == null || isOwnDoing) {
            return;
        }
        Loss loss = new Loss(event.channel(), event.lockName(), loser.token);
        if (!ledger.isOnline(loser.sessionId)) {
            owed.computeIfAbsent(loser.sessionId, any -> new ArrayList<>()).add(loss);
        } else if (!toldTo(loser.sessionId, turn.effects().subList(0, indexOf(event, turn)))
                .contains(loss)) {
            broken("%s, and %s has not been told", event, loser.sessionId);
        }
    }

    private static int indexOf(LockEvent event, Turn turn) {
        return turn.effects().indexOf(new Effect.Published(event));
    }

    private static List<Loss> toldTo(String sessionId, List<Effect> effects) {
        List<Loss> told = new ArrayList<>();
        for (Effect effect : effects) {
            if (effect instanceof Effect.LockLost lost && lost.sessionId().equals(sessionId)) {
                told.add(Loss.of(lost.loss()));
            }
        }
        return told;
    }

    private void checkReturn(Effect.Resumed resumed, Turn turn, Ledger ledger) {
        List<Loss> expected = owed.getOrDefault(resumed.sessionId(), List.of());
        owed.remove(resumed.sessionId());
        List<Loss> told = toldTo(resumed.sessionId(), firstLosses(turn));
        int repeated = Math.max(0, told.size() - expected.size());
        Ledger.Presence presence = ledger.presence(resumed.sessionId());
        boolean mayBeForgotten = presence != null && presence.mayBeForgotten(turn, rememberedMillis);
        if (!told.subList(repeated, told.size()).equals(expected) && !mayBeForgotten) {
            broken("%s is back and not told at once of %s", resumed.sessionId(), expected);
        }
    }

    /** What comes before all else, also before the word that it is back: perhaps what it was told before, then what it was not. */
    private static List<Effect> firstLosses(Turn turn) {
        int end = 0;
        while (end < turn.effects().size() && turn.effects().get(end) instanceof Effect.LockLost) {
            end++;
        }
        return turn.effects().subList(0, end);
    }
}
