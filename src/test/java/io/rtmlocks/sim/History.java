// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.lock.invariant.Ledger;
import io.rtmlocks.lock.invariant.Turn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What was committed, in its order: the first replica that applies an entry says what came of it. */
final class History {

    private final List<io.rtmlocks.lock.invariant.Invariant> tableInvariants =
            io.rtmlocks.lock.invariant.Invariant.all(Bent.LIMITS.sessionRememberedMillis());
    private final Ledger ledger = new Ledger();
    private final List<Turn> turns = new ArrayList<>();
    private final Map<Request, Effect.Replied> replies = new HashMap<>();
    private final Map<EventKey, LockEvent> events = new HashMap<>();
    private final Map<Object, Long> lastSeq = new HashMap<>();
    private int hash = 1;

    /** A request of a session. */
    record Request(String sessionId, long id) {}

    private record EventKey(Object channel, long seq) {}

    /**
     * A replica applied an entry.
     *
     * @return whether it is the first to do so
     */
    boolean applied(String replica, long index, Moment moment, Command command, List<Effect> effects) {
        Turn turn = new Turn(moment, command, List.copyOf(effects));
        if (index <= turns.size()) {
            Turn known = turns.get((int) index - 1);
            if (!known.equals(turn)) {
                throw new Broken("ReplicasAgree", replica + " applied " + turn + " at " + index + ", others " + known);
            }
            return false;
        }
        if (index != turns.size() + 1) {
            throw new Broken("ReplicasAgree", replica + " applied " + index + " after " + turns.size());
        }
        turns.add(turn);
        hash = 31 * hash + turn.toString().hashCode();
        note(turn);
        return true;
    }

    private void note(Turn turn) {
        for (Effect effect : turn.effects()) {
            if (effect instanceof Effect.Replied reply) {
                replies.putIfAbsent(new Request(reply.sessionId(), reply.requestId()), reply);
            } else if (effect instanceof Effect.Published published) {
                LockEvent event = published.event();
                events.put(new EventKey(event.channel(), event.seq()), event);
                lastSeq.put(event.channel(), event.seq());
            }
        }
        try {
            ledger.watch(turn, tableInvariants);
        } catch (io.rtmlocks.lock.invariant.Invariant.Broken broken) {
            throw new Broken(broken.invariant(), String.valueOf(broken.getMessage()));
        }
    }

    Effect.Replied reply(Request request) {
        return replies.get(request);
    }

    LockEvent event(Object channel, long seq) {
        return events.get(new EventKey(channel, seq));
    }

    long lastSeq(Object channel) {
        return lastSeq.getOrDefault(channel, 0L);
    }

    int size() {
        return turns.size();
    }

    /** Differs when anything did. */
    int traceHash() {
        return Objects.hash(hash, turns.size());
    }
}
