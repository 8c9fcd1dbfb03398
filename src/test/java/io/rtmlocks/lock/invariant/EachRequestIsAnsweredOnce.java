// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.Rejection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/** Each request sent gets one answer: at once, or, an acquire that waits, when its wait ends (PROTOCOL.md §1). */
final class EachRequestIsAnsweredOnce implements Invariant {

    private final long rememberedMillis;
    private final Set<Ledger.Wait> pending = new LinkedHashSet<>();

    /** Answers that went with the memory of a session that was away for too long, and need not come any more. */
    private final Set<Ledger.Wait> excused = new HashSet<>();

    EachRequestIsAnsweredOnce(long rememberedMillis) {
        this.rememberedMillis = rememberedMillis;
    }

    @Override
    public void before(Effect effect, Turn turn, Ledger ledger) {
        if (effect instanceof Effect.Resumed resumed) {
            excuse(resumed, turn, ledger);
        } else if (effect instanceof Effect.Replied reply) {
            Ledger.Wait request = new Ledger.Wait(reply.sessionId(), reply.requestId());
            if (!ledger.isOnline(reply.sessionId()) && !isComingBack(turn, reply.sessionId())) {
                broken("%s is answered while it is away", request);
            }
            boolean wasPending = !isReuse(reply) && (pending.remove(request) | excused.remove(request));
            if (!wasPending && !isAsking(turn, request)) {
                broken("%s is answered, and has not asked or has its answer", request);
            }
        }
    }

    private static boolean isComingBack(Turn turn, String sessionId) {
        return turn.effects(Effect.Resumed.class)
                .anyMatch(resumed -> resumed.sessionId().equals(sessionId));
    }

    private static boolean isReuse(Effect.Replied reply) {
        Rejection rejection = reply.reply().answer().rejection();
        return rejection != null && rejection.kind() == Rejection.Kind.ID_REUSED;
    }

    private static boolean isAsking(Turn turn, Ledger.Wait request) {
        return turn.command() instanceof Command.Request asked
                && asked.caller().sessionId().equals(request.sessionId())
                && asked.caller().requestId() == request.requestId();
    }

    private void excuse(Effect.Resumed resumed, Turn turn, Ledger ledger) {
        Ledger.Presence presence = ledger.presence(resumed.sessionId());
        if (presence == null || !presence.mayBeForgotten(turn, rememberedMillis)) {
            return;
        }
        for (Ledger.Wait wait : Set.copyOf(pending)) {
            boolean stillWaits = resumed.waiting().stream().anyMatch(each -> each.requestId() == wait.requestId());
            if (wait.sessionId().equals(resumed.sessionId()) && !stillWaits) {
                pending.remove(wait);
                excused.add(wait);
            }
        }
    }

    @Override
    public void after(Turn turn, Ledger ledger) {
        if (!(turn.command() instanceof Command.Request request)) {
            return;
        }
        Caller caller = request.caller();
        long answers = turn.replies(caller.sessionId(), caller.requestId())
                + turn.effects(Effect.NotAdmitted.class).count();
        Ledger.Wait asked = new Ledger.Wait(caller.sessionId(), caller.requestId());
        boolean mayWait =
                request instanceof Command.AcquireLock acquire && (acquire.retry() || pending.contains(asked));
        if (answers > 1 || (answers == 0 && !mayWait)) {
            broken("%s has %d answers", caller, answers);
        } else if (answers == 0) {
            pending.add(asked);
        }
    }

    @Override
    public void atTheEnd(Ledger ledger) {
        if (!pending.isEmpty()) {
            broken("%s were never answered", pending);
        }
    }
}
