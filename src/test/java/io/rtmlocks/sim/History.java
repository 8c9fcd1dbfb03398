// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.LockTable;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.lock.Snapshot;
import io.rtmlocks.lock.invariant.Ledger;
import io.rtmlocks.lock.invariant.Turn;
import io.rtmlocks.wire.FrameWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a shard has committed, in its order: a table of its own applies each entry when the first replica does, and says what
 * clients may see of it, to the letter.
 */
final class History {

    private final List<io.rtmlocks.lock.invariant.Invariant> tableInvariants =
            io.rtmlocks.lock.invariant.Invariant.all(Limits.STANDARD.sessionRememberedMillis());
    private final LockTable table = new LockTable(Limits.STANDARD);
    private final Ledger ledger = new Ledger();
    private final List<Entry> entries = new ArrayList<>();
    private final Map<Request, Set<String>> replies = new HashMap<>();
    private final Map<Numbered, Set<String>> events = new HashMap<>();
    private final Map<ChannelKey, Long> lastSeq = new HashMap<>();
    private int hash = 1;

    /** A request of a session. */
    record Request(String sessionId, long id) {}

    private record Entry(Moment moment, Command command) {}

    private record Numbered(ChannelKey channel, long seq, boolean isSnapshot) {}

    /**
     * A replica applies an entry.
     *
     * @return what comes of it, if it is the first to do so
     */
    List<Effect> applied(String replica, long index, Moment moment, Command command) {
        Entry entry = new Entry(moment, command);
        if (index <= entries.size()) {
            Entry known = entries.get((int) index - 1);
            if (!known.equals(entry)) {
                throw new Broken("ReplicasAgree", replica + " applied " + entry + " at " + index + ", others " + known);
            }
            return List.of();
        }
        if (index != entries.size() + 1) {
            throw new Broken("ReplicasAgree", replica + " applied " + index + " after " + entries.size());
        }
        entries.add(entry);
        List<Effect> effects = table.apply(index, moment, command);
        Turn turn = new Turn(moment, command, List.copyOf(effects));
        hash = Objects.hash(hash, moment, command.getClass().getName(), effects.size());
        effects.forEach(this::note);
        watch(turn);
        return effects;
    }

    private void note(Effect effect) {
        if (effect instanceof Effect.Replied reply) {
            String frame = FrameWriter.reply(reply.requestId(), reply.reply());
            Request request = new Request(reply.sessionId(), reply.requestId());
            replies.computeIfAbsent(request, key -> new HashSet<>()).add(frame);
        } else if (effect instanceof Effect.Published published) {
            LockEvent event = published.event();
            note(new Numbered(event.channel(), event.seq(), false), FrameWriter.event(event));
            lastSeq.put(event.channel(), event.seq());
        } else if (effect instanceof Effect.Snapshotted seen) {
            String frame = FrameWriter.lockSnapshot(seen.channel(), seen.seq(), seen.locks(), seen.utcMillis());
            note(new Numbered(seen.channel(), seen.seq(), true), frame);
        }
    }

    private void note(Numbered what, String frame) {
        events.computeIfAbsent(what, key -> new HashSet<>()).add(frame);
    }

    private void watch(Turn turn) {
        try {
            ledger.watch(turn, tableInvariants);
        } catch (io.rtmlocks.lock.invariant.Invariant.Broken broken) {
            throw new Broken(broken.invariant(), String.valueOf(broken.getMessage()));
        }
    }

    boolean isAnswered(Request request) {
        return replies.containsKey(request);
    }

    boolean isAnswer(Request request, String frame) {
        return replies.getOrDefault(request, Set.of()).contains(frame);
    }

    boolean isEvent(ChannelKey channel, long seq, String frame) {
        return events.getOrDefault(new Numbered(channel, seq, false), Set.of()).contains(frame);
    }

    boolean isSnapshot(ChannelKey channel, long seq, String frame) {
        return events.getOrDefault(new Numbered(channel, seq, true), Set.of()).contains(frame);
    }

    long lastSeq(ChannelKey channel) {
        return lastSeq.getOrDefault(channel, 0L);
    }

    Snapshot snapshot() {
        return table.snapshot();
    }

    int size() {
        return entries.size();
    }

    /** Differs when anything did. */
    int traceHash() {
        return hash;
    }
}
