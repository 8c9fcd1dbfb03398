// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.LockTable;
import io.rtmlocks.lock.QueueView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells who waits, and waiters their places, at most four times a second for each lock (PROTOCOL.md §5).
 *
 * <p>A change is told at once when the last telling is long enough ago, else when it is: {@link #tell} says when to call
 * again. Confined to the shard's context.
 */
final class QueueNotices {

    static final long INTERVAL_MILLIS = 250;
    private static final int SHOWN_MAX = 20;

    private final LockTable table;
    private final Interest interest;
    private final Consumer<QueueView> queueEvent;
    private final Consumer<QueueView.Place> placeEvent;
    private final Map<LockKey, Told> locks = new HashMap<>();

    /** The locks that changed, or were told of, within the last interval. */
    private final Set<LockKey> visited = new LinkedHashSet<>();

    private long nextMillis = Long.MAX_VALUE;

    QueueNotices(
            LockTable table, Interest interest, Consumer<QueueView> queueEvent, Consumer<QueueView.Place> placeEvent) {
        this.table = table;
        this.interest = interest;
        this.queueEvent = queueEvent;
        this.placeEvent = placeEvent;
    }

    /** A waiter has been told its place already. */
    void onPlaced(QueueView.Place place) {
        LockKey key = new LockKey(place.channel(), place.lockName());
        told(key).places.put(WaiterKey.of(place), place.position());
    }

    void onQueueChanged(ChannelKey channel, String lockName) {
        LockKey key = new LockKey(channel, lockName);
        boolean isSeen = !interest.of(channel, Delivery.Stream.QUEUE).isEmpty();
        Told told = isSeen ? told(key) : locks.get(key);
        if (told != null) {
            told.isStale = true;
            visited.add(key);
            nextMillis = Math.min(nextMillis, told.lastMillis + INTERVAL_MILLIS);
        }
    }

    private Told told(LockKey key) {
        return locks.computeIfAbsent(key, unknown -> new Told());
    }

    /** The queues of a channel in which somebody waits. */
    List<QueueView> current(ChannelKey channel) {
        return of(channel, table.contended(channel));
    }

    /** These queues, empty ones as well: for who may have missed that they became so. */
    List<QueueView> of(ChannelKey channel, List<String> lockNames) {
        List<QueueView> queues = new ArrayList<>();
        for (String lockName : lockNames) {
            QueueView queue = table.queue(channel, lockName, SHOWN_MAX);
            if (queue != null) {
                queues.add(queue);
            }
        }
        return queues;
    }

    /** @return when {@link #tell} has something to do, {@code Long.MAX_VALUE} for never */
    long nextMillis() {
        return nextMillis;
    }

    /** Tells what has changed and may be told by now. */
    void tell(long nowMillis) {
        if (nowMillis < nextMillis) {
            return;
        }
        nextMillis = Long.MAX_VALUE;
        for (Iterator<LockKey> visits = visited.iterator(); visits.hasNext(); ) {
            LockKey key = visits.next();
            Told told = told(key);
            if (told.lastMillis + INTERVAL_MILLIS <= nowMillis) {
                if (told.isStale) {
                    tell(key, told, nowMillis);
                } else {
                    visits.remove();
                    forget(key, told);
                    continue;
                }
            }
            nextMillis = Math.min(nextMillis, told.lastMillis + INTERVAL_MILLIS);
        }
    }

    private void tell(LockKey key, Told told, long nowMillis) {
        QueueView queue = table.queue(key.channel, key.lockName, SHOWN_MAX);
        told.isStale = false;
        told.lastMillis = nowMillis;
        Map<WaiterKey, Integer> places = new HashMap<>();
        if (queue != null) {
            queueEvent.accept(queue);
            for (QueueView.Place place : queue.places()) {
                Integer before = told.places.get(WaiterKey.of(place));
                if (before == null || before != place.position()) {
                    placeEvent.accept(place);
                }
                places.put(WaiterKey.of(place), place.position());
            }
        }
        told.places = places;
    }

    /** Nothing changed for an interval: only places that may change later are kept. */
    private void forget(LockKey key, Told told) {
        if (told.places.isEmpty()) {
            locks.remove(key);
        }
    }

    private record LockKey(ChannelKey channel, String lockName) {}

    private record WaiterKey(String sessionId, long epoch, long requestId) {
        static WaiterKey of(QueueView.Place place) {
            return new WaiterKey(place.sessionId(), place.epoch(), place.requestId());
        }
    }

    /** What was told of one lock, and when. */
    private static final class Told {
        private long lastMillis = -INTERVAL_MILLIS;
        private boolean isStale;
        private Map<WaiterKey, Integer> places = new HashMap<>();
    }
}
