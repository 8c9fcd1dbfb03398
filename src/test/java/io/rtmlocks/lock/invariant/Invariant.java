// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

import io.rtmlocks.lock.Effect;
import java.util.List;

/** A promise that no run may break. It throws {@link Broken} when one does. */
public interface Invariant {

    /** Looks at one effect; the ledger does not have it yet. */
    default void before(Effect effect, Turn turn, Ledger ledger) {}

    /** Looks at a turn when the ledger has all of it. */
    default void after(Turn turn, Ledger ledger) {}

    /** Looks back when all sessions have come online, and then left. */
    default void atTheEnd(Ledger ledger) {}

    /** All of them, new, for one run; a session may be forgotten when it has been offline for so long. */
    static List<Invariant> all(long rememberedMillis) {
        return List.of(
                new SeqWithoutGaps(),
                new TokensOnlyGrow(),
                new OneOwner(),
                new OnlyThePresentLifeIsServed(),
                new OnlyWhoIsThereIsGranted(),
                new FirstComeFirstServed(),
                new OnlineOwnersKeepTheirLock(),
                new LossBeforeTheNextOwner(rememberedMillis),
                new EachRequestIsAnsweredOnce(rememberedMillis),
                new NoFreeLockWithAnOnlineWaiter());
    }

    default void broken(String message, Object... arguments) {
        throw new Broken(this, message.formatted(arguments));
    }

    /** Says which promise was broken, and how. */
    final class Broken extends AssertionError {
        private static final long serialVersionUID = 1;
        private final String invariant;

        Broken(Invariant invariant, String message) {
            super(message);
            this.invariant = invariant.getClass().getSimpleName();
        }

        public String invariant() {
            return invariant;
        }
    }
}
