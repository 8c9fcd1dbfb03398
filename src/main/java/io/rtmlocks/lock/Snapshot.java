// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All of a {@link LockTable} as one immutable value. Equal tables give equal snapshots, and a table made from a snapshot
 * goes on exactly as the one it was taken from.
 */
public record Snapshot(
        long lastIndex,
        long lastMillis,
        long lastSerial,
        Limits limits,
        List<ChannelState> channels,
        List<SessionState> sessions) {

    /** A channel with its locks, in the order in which they were set. */
    public record ChannelState(
            ChannelKey key,
            long seq,
            long lastToken,
            long majorRevision,
            Map<String, Metadata.Item> items,
            List<LockState> locks) {}

    /** A lock; its owner and its waiters by the ids of their sessions. */
    public record LockState(
            String name,
            int ttlSeconds,
            @Nullable String ownerSession,
            long fencingToken,
            long sinceUtcMillis,
            boolean ownerLeftChannel,
            @Nullable Due expiry,
            List<WaiterState> waiters) {}

    /** A place in a queue. */
    public record WaiterState(
            String session,
            long requestId,
            Moment since,
            boolean withPosition,
            @Nullable Due timeout,
            @Nullable Due lapse) {}

    /**
     * A session; its locks and its waits in the order in which it came to them.
     *
     * @param answers the oldest first
     */
    public record SessionState(
            String id,
            String userId,
            long epoch,
            String gateway,
            boolean online,
            @Nullable Due forgetting,
            List<Remembered> answers,
            List<LockRef> holds,
            List<Long> waits,
            List<Effect.Loss> toldLosses,
            List<Effect.Loss> missedLosses,
            List<MissedReply> missedReplies) {

        public SessionState withAnswers(List<Remembered> remembered) {
            return new SessionState(
                    id,
                    userId,
                    epoch,
                    gateway,
                    online,
                    forgetting,
                    remembered,
                    holds,
                    waits,
                    toldLosses,
                    missedLosses,
                    missedReplies);
        }
    }

    /** A lock by its names. */
    public record LockRef(ChannelKey channel, String lockName) {

        @Override
        public boolean equals(Object other) {
            return other instanceof LockRef ref && lockName.equals(ref.lockName) && channel.equals(ref.channel);
        }

        @Override
        public int hashCode() {
            return 31 * channel.hashCode() + lockName.hashCode();
        }
    }

    /** A deadline: when, and its rank among those of the same moment. */
    public record Due(long millis, long serial) {}

    /** One answer, with what it answered: a session that uses an id for something else is told so. */
    public record Remembered(long requestId, Operation operation, String lockName, long givenMillis, Reply reply) {

        boolean answers(Command.Request request) {
            return operation == request.operation()
                    && reply.answer().channel().equals(request.channel())
                    && lockName.equals(request.lockName());
        }
    }

    /** The reply to a wait that ended while the session was offline. */
    public record MissedReply(long requestId, Reply reply) {}

    static Snapshot of(LockTable table) {
        List<ChannelState> channels = new ArrayList<>();
        for (Channel channel : table.channels.values()) {
            channels.add(stateOf(channel));
        }
        List<SessionState> sessions = new ArrayList<>();
        for (Session session : table.sessions.all()) {
            sessions.add(stateOf(session));
        }
        return new Snapshot(
                table.lastIndex, table.lastMillis, table.deadlines.lastSerial(), table.limits, channels, sessions);
    }

    private static ChannelState stateOf(Channel channel) {
        Metadata metadata = channel.metadata;
        List<LockState> locks = mapped(channel.locks.values(), Snapshot::stateOf);
        return new ChannelState(
                channel.key, channel.seq, channel.lastToken, metadata.majorRevision(), metadata.items(), locks);
    }

    private static LockState stateOf(Lock lock) {
        return new LockState(
                lock.name(),
                lock.ttlSeconds,
                lock.owner == null ? null : lock.owner.id,
                lock.fencingToken,
                lock.sinceUtcMillis,
                lock.ownerLeftChannel,
                due(lock.expiry),
                mapped(lock.queue, Snapshot::stateOf));
    }

    private static WaiterState stateOf(Waiter waiter) {
        return new WaiterState(
                waiter.session.id,
                waiter.requestId,
                new Moment(waiter.sinceUtcMillis, waiter.sinceMillis),
                waiter.withPosition,
                due(waiter.timeout),
                due(waiter.lapse));
    }

    private static SessionState stateOf(Session session) {
        return new SessionState(
                session.id,
                session.userId,
                session.epoch,
                session.gateway,
                session.online,
                due(session.forgetting),
                session.answers.all(),
                mapped(session.holds, lock -> new LockRef(lock.channelKey(), lock.name())),
                List.copyOf(session.waits.keySet()),
                List.copyOf(session.toldLosses),
                List.copyOf(session.missedLosses),
                List.copyOf(session.missedReplies));
    }

    /** @return a table that goes on from here */
    public LockTable toTable() {
        return toTable(new Rules());
    }

    LockTable toTable(Rules rules) {
        LockTable table = new LockTable(limits, rules);
        table.lastIndex = lastIndex;
        table.lastMillis = lastMillis;
        Map<String, Session> byId = new LinkedHashMap<>();
        for (SessionState state : sessions) {
            Session session = session(state, table.sessions.user(state.userId));
            byId.put(session.id, session);
            table.sessions.put(session);
            session.forgetting = put(table, state.forgetting, table.sessions.forget(session));
        }
        Map<LockRef, Lock> locks = new LinkedHashMap<>();
        for (ChannelState state : channels) {
            restoreChannel(table, state, byId, locks);
        }
        for (SessionState state : sessions) {
            restoreOrder(known(byId, state.id), state, locks);
        }
        table.deadlines.continueAfter(lastSerial);
        return table;
    }

    private static Session session(SessionState state, User user) {
        Session session = new Session(state.id, user, state.epoch, state.gateway);
        session.online = state.online;
        session.answers.restore(state.answers);
        session.toldLosses.addAll(state.toldLosses);
        session.missedLosses.addAll(state.missedLosses);
        session.missedReplies.addAll(state.missedReplies);
        return session;
    }

    private static void restoreChannel(
            LockTable table, ChannelState state, Map<String, Session> byId, Map<LockRef, Lock> locks) {
        Channel channel = new Channel(state.key);
        channel.seq = state.seq;
        channel.lastToken = state.lastToken;
        channel.metadata = new Metadata(state.key, state.majorRevision, state.items);
        table.channels.put(channel.key, channel);
        for (LockState lockState : state.locks) {
            Lock lock = lock(table, channel, lockState, byId);
            channel.locks.put(lock.name(), lock);
            locks.put(new LockRef(channel.key, lock.name()), lock);
        }
    }

    private static Lock lock(LockTable table, Channel channel, LockState state, Map<String, Session> byId) {
        Lock lock = new Lock(channel, state.name, state.ttlSeconds);
        lock.owner = state.ownerSession == null ? null : known(byId, state.ownerSession);
        lock.fencingToken = state.fencingToken;
        lock.sinceUtcMillis = state.sinceUtcMillis;
        lock.ownerLeftChannel = state.ownerLeftChannel;
        lock.expiry = put(table, state.expiry, lock::expire);
        for (WaiterState waiting : state.waiters) {
            Waiter waiter = new Waiter(
                    known(byId, waiting.session), lock, waiting.requestId, waiting.since, waiting.withPosition);
            lock.join(waiter);
            waiter.timeout = put(table, waiting.timeout, lock.timeOut(waiter));
            waiter.lapse = put(table, waiting.lapse, lock.lapse(waiter));
        }
        return lock;
    }

    /** A session's locks and waits have an order of their own, across channels. */
    private static void restoreOrder(Session session, SessionState state, Map<LockRef, Lock> locks) {
        for (LockRef held : state.holds) {
            session.holds.add(known(locks, held));
            session.user.locks++;
        }
        Map<Long, Waiter> unordered = new LinkedHashMap<>(session.waits);
        session.waits.clear();
        for (Long requestId : state.waits) {
            session.waits.put(requestId, known(unordered, requestId));
        }
    }

    private static <K, V> V known(Map<K, V> all, K key) {
        return Objects.requireNonNull(all.get(key), () -> "the snapshot has no " + key);
    }

    private static @Nullable Due due(@Nullable Deadline deadline) {
        return deadline == null ? null : new Due(deadline.dueMillis(), deadline.serial());
    }

    private static @Nullable Deadline put(LockTable table, @Nullable Due due, Deadline.Action action) {
        return due == null ? null : table.deadlines.put(due.millis, due.serial, action);
    }

    private static <T, R> List<R> mapped(Iterable<T> all, Function<T, R> mapping) {
        List<R> results = new ArrayList<>();
        for (T each : all) {
            results.add(mapping.apply(each));
        }
        return results;
    }
}
