// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.Snapshot;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The latest transitions of the locks of a shard, for people. No decision rests on it, so it is no part of the replicated table.
 *
 * <p>Every replica keeps it, leader or not: they apply the same commands, so a change of the leader loses nothing. A replica
 * that was made equal by a snapshot begins with nothing; the others still have what it lacks. When there are too many
 * transitions, those of the locks that nobody has changed or looked at for the longest are forgotten. Confined to the shard's context.
 */
public final class LockHistory {

    /** How many transitions of one lock are kept. */
    public static final int PER_LOCK_MAX = 50;

    /** A lock that changes goes to the end of the order when that part of all transitions has come since it last went there. */
    private static final int ORDER_PARTS = 8;

    private final int transitionsMax;

    /** The one that was changed or looked at last comes last, more or less: see {@link #ORDER_PARTS}. */
    private final Map<Snapshot.LockRef, Transitions> byLock = new LinkedHashMap<>();

    private int transitions;
    private long noted;

    /** @param transitionsMax of all locks together; each takes about 60 bytes */
    LockHistory(int transitionsMax) {
        this.transitionsMax = transitionsMax;
    }

    void note(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Published published) {
                note(published.event());
            }
        }
    }

    private void note(LockEvent event) {
        Snapshot.LockRef ref = new Snapshot.LockRef(event.channel(), event.lockName());
        noted++;
        Transitions ofLock = byLock.computeIfAbsent(ref, none -> new Transitions(ref, PER_LOCK_MAX, noted));
        transitions -= ofLock.size();
        ofLock.add(event);
        transitions += ofLock.size();
        if (noted - ofLock.placedAt > transitionsMax / ORDER_PARTS) {
            placeLast(ref, ofLock);
        }
        for (Iterator<Transitions> each = byLock.values().iterator(); transitions > transitionsMax; ) {
            transitions -= each.next().size();
            each.remove();
        }
    }

    private void placeLast(Snapshot.LockRef ref, Transitions ofLock) {
        ofLock.placedAt = noted;
        byLock.remove(ref);
        byLock.put(ref, ofLock);
    }

    void clear() {
        byLock.clear();
        transitions = 0;
    }

    /** @return oldest first; also of a lock that was removed */
    public List<LockEvent> of(ChannelKey channel, String lockName) {
        Snapshot.LockRef ref = new Snapshot.LockRef(channel, lockName);
        Transitions ofLock = byLock.get(ref);
        if (ofLock == null) {
            return List.of();
        }
        placeLast(ref, ofLock);
        return ofLock.all();
    }
}
