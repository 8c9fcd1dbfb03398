// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an operator sees of a table: more than clients do, and without a place in the order of commands. Answers are bounded,
 * though each list looks at everything there is.
 */
public final class TableView {

    private static final Comparator<ChannelSummary> BY_CHANNEL = Comparator.comparing(ChannelSummary::place);
    private static final Comparator<LockSummary> BY_LOCK = Comparator.comparing(LockSummary::place);

    private final LockTable table;

    public TableView(LockTable table) {
        this.table = table;
    }

    /**
     * Where something stands in a list, and what comes after: ordered by the channel's name and type, then by the lock's name.
     *
     * @param lockName empty for a channel
     */
    public record Place(ChannelKey channel, String lockName) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byName = channel.name().compareTo(other.channel.name());
            int byType = byName != 0 ? byName : channel.type().compareTo(other.channel.type());
            return byType != 0 ? byType : lockName.compareTo(other.lockName);
        }
    }

    /**
     * Which entries of a list are wanted.
     *
     * @param channel only this one, null for any
     * @param text part of the name of the channel, of the lock or of its owner; empty for any
     * @param heldOnly only locks that somebody owns
     * @param after only what comes after this place, null for from the beginning
     * @param entriesMax how many, the first ones
     */
    public record Wanted(
            @Nullable ChannelKey channel,
            String text,
            boolean heldOnly,
            @Nullable Place after,
            int entriesMax) {

        private boolean isAfter(Place place) {
            return after == null || place.compareTo(after) > 0;
        }
    }

    /** A channel in a list; {@code seq} is the number of its last lock event. */
    public record ChannelSummary(ChannelKey channel, int locks, int held, int waiters, long seq) implements Described {
        Place place() {
            return new Place(channel, "");
        }

        @Override
        public void describe(Fields out) {
            out.text("channel", channel.name())
                    .text("channelType", channel.type().name())
                    .number("locks", locks)
                    .number("held", held)
                    .number("waiters", waiters)
                    .number("seq", seq);
        }
    }

    /** A lock in a list. */
    public record LockSummary(ChannelKey channel, LockView lock) implements Described {
        Place place() {
            return new Place(channel, lock.lockName());
        }

        @Override
        public void describe(Fields out) {
            out.text("channel", channel.name())
                    .text("channelType", channel.type().name());
            lock.describe(out);
        }
    }

    /** A session that owns a lock or waits for it; {@code gateway} is the address of the node that has its connection. */
    public record Party(String userId, String sessionId, String gateway, boolean online, long sinceUtcMillis)
            implements Described {
        @Override
        public void describe(Fields out) {
            out.text("userId", userId)
                    .text("sessionId", sessionId)
                    .text("node", gateway)
                    .flag("online", online)
                    .number("since", sinceUtcMillis);
        }
    }

    /**
     * A lock, with who owns it and who waits.
     *
     * @param owner null when it is free
     * @param expiresInMillis when it will be free if its owner stays away, negative while that does not count down
     * @param queue the first waiters
     */
    public record LockDetail(LockSummary lock, @Nullable Party owner, long expiresInMillis, List<Party> queue)
            implements Described {
        @Override
        public void describe(Fields out) {
            lock.describe(out);
            if (owner != null) {
                out.object("heldBy", owner);
            }
            if (expiresInMillis >= 0) {
                out.number("expiresInMs", expiresInMillis);
            }
            out.list("queue", queue);
        }
    }

    public int channels() {
        return table.channels.size();
    }

    public int sessions() {
        return table.sessions.size();
    }

    public List<ChannelSummary> channels(Wanted wanted) {
        First<ChannelSummary> first = new First<>(BY_CHANNEL, wanted.entriesMax);
        for (Channel channel : candidates(wanted)) {
            if (channel.key.name().contains(wanted.text) && wanted.isAfter(new Place(channel.key, ""))) {
                first.add(summary(channel));
            }
        }
        return first.inOrder();
    }

    private static ChannelSummary summary(Channel channel) {
        int held = 0;
        int waiters = 0;
        for (Lock lock : channel.locks.values()) {
            held += lock.owner == null ? 0 : 1;
            waiters += lock.queue.size();
        }
        return new ChannelSummary(channel.key, channel.locks.size(), held, waiters, channel.seq);
    }

    public List<LockSummary> locks(Wanted wanted) {
        First<LockSummary> first = new First<>(BY_LOCK, wanted.entriesMax);
        Predicate<Lock> fits = lock -> (lock.owner != null || !wanted.heldOnly) && contains(lock, wanted.text);
        for (Channel channel : candidates(wanted)) {
            for (Lock lock : channel.locks.values()) {
                if (fits.test(lock) && wanted.isAfter(new Place(channel.key, lock.name()))) {
                    first.add(new LockSummary(channel.key, lock.view(false)));
                }
            }
        }
        return first.inOrder();
    }

    private static boolean contains(Lock lock, String text) {
        return text.isEmpty()
                || lock.channelKey().name().contains(text)
                || lock.name().contains(text)
                || (lock.owner != null && lock.owner.userId.contains(text));
    }

    private Collection<Channel> candidates(Wanted wanted) {
        if (wanted.channel == null) {
            return table.channels.values();
        }
        Channel only = table.channels.get(wanted.channel);
        return only == null ? List.of() : List.of(only);
    }

    /**
     * @param nowMillis on the clock by which the table's deadlines are counted
     * @return null when there is no such lock
     */
    public @Nullable LockDetail lock(ChannelKey key, String lockName, long nowMillis) {
        Channel channel = table.channels.get(key);
        Lock lock = channel == null ? null : channel.locks.get(lockName);
        if (lock == null) {
            return null;
        }
        List<Party> queue = new ArrayList<>();
        for (Waiter waiter : lock.queue) {
            if (queue.size() == LockView.QUEUE_SHOWN_MAX) {
                break;
            }
            queue.add(party(waiter.session, waiter.session.online, waiter.sinceUtcMillis));
        }
        LockView view = lock.view(false);
        Session owner = lock.owner;
        return new LockDetail(
                new LockSummary(key, view),
                owner == null ? null : party(owner, view.ownerOnline(), lock.sinceUtcMillis),
                lock.expiry == null ? -1 : Math.max(0, lock.expiry.dueMillis() - nowMillis),
                queue);
    }

    private static Party party(Session session, boolean online, long sinceUtcMillis) {
        return new Party(session.userId, session.id, session.gateway, online, sinceUtcMillis);
    }

    /** The first of many, without sorting all of them. */
    private static final class First<T> {
        private final Comparator<T> order;
        private final int max;
        private final PriorityQueue<T> kept;

        First(Comparator<T> order, int max) {
            this.order = order;
            this.max = max;
            this.kept = new PriorityQueue<>(order.reversed());
        }

        void add(T entry) {
            kept.add(entry);
            if (kept.size() > max) {
                kept.remove();
            }
        }

        List<T> inOrder() {
            return kept.stream().sorted(order).toList();
        }
    }
}
