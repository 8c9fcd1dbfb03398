// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock.invariant;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Effect;
import java.util.HashMap;
import java.util.Map;

/** The lock events of a channel are numbered 1, 2, 3…, and who reads a channel is told the last number (PROTOCOL.md §5). */
final class SeqWithoutGaps implements Invariant {

    private final Map<ChannelKey, Long> lastSeqs = new HashMap<>();

    @Override
    public void before(Effect effect, Turn turn, Ledger ledger) {
        if (effect instanceof Effect.Published published) {
            ChannelKey channel = published.event().channel();
            expect(channel, last(channel) + 1, published.event().seq());
            lastSeqs.put(channel, published.event().seq());
        } else if (effect instanceof Effect.Snapshotted snapshot) {
            expect(snapshot.channel(), last(snapshot.channel()), snapshot.seq());
        } else if (effect instanceof Effect.Replied reply
                && reply.reply().answer() instanceof Answer.Subscribed subscribed) {
            expect(subscribed.channel(), last(subscribed.channel()), subscribed.seq());
        } else if (effect instanceof Effect.Replied reply && reply.reply().answer() instanceof Answer.Locks locks) {
            expect(locks.channel(), last(locks.channel()), locks.seq());
        }
    }

    private long last(ChannelKey channel) {
        return lastSeqs.getOrDefault(channel, 0L);
    }

    private void expect(ChannelKey channel, long expected, long seq) {
        if (seq != expected) {
            broken("%s: seq %d where %d comes", channel, seq, expected);
        }
    }
}
