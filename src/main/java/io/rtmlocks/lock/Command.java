// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can change a {@link LockTable}, and the reads that must be ordered with the changes.
 *
 * <p>Commands are values. Applying the same ones in the same order gives the same table on every node.
 */
public sealed interface Command {

    void accept(Visitor visitor);

    /** A command that a client asked for and waits to see answered. */
    sealed interface Request extends Command {

        Caller caller();

        ChannelKey channel();

        Operation operation();

        /** The same request, from the session as it is now. */
        Request by(Caller present);

        /** The lock it is about, or an empty string. */
        default String lockName() {
            return "";
        }

        /** Whether its answer is remembered, because doing it twice would not be the same as doing it once. */
        default boolean isRemembered() {
            return true;
        }
    }

    /** @param ttlSeconds as asked for, 0 for the default */
    record SetLock(Caller caller, ChannelKey channel, String lockName, long ttlSeconds, boolean keepExisting)
            implements Request {
        @Override
        public Request by(Caller present) {
            return new SetLock(present, channel, lockName, ttlSeconds, keepExisting);
        }

        @Override
        public Operation operation() {
            return Operation.SET_LOCK;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.setLock(this);
        }
    }

    /**
     * @param retry wait in the queue when the lock is busy
     * @param timeoutMillis how long to wait at most, 0 for no bound
     * @param withPosition tell the waiter its place
     * @param create set the lock first when it is missing, with {@code ttlSeconds}
     */
    record AcquireLock(
            Caller caller,
            ChannelKey channel,
            String lockName,
            boolean retry,
            long timeoutMillis,
            boolean withPosition,
            boolean create,
            long ttlSeconds)
            implements Request {
        @Override
        public Request by(Caller present) {
            return new AcquireLock(present, channel, lockName, retry, timeoutMillis, withPosition, create, ttlSeconds);
        }

        @Override
        public Operation operation() {
            return Operation.ACQUIRE_LOCK;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.acquireLock(this);
        }
    }

    record CancelAcquire(Caller caller, ChannelKey channel, String lockName) implements Request {
        @Override
        public Request by(Caller present) {
            return new CancelAcquire(present, channel, lockName);
        }

        /** Not what nobody asked for: that has no number of its own. */
        @Override
        public boolean isRemembered() {
            return caller.requestId() != 0;
        }

        @Override
        public Operation operation() {
            return Operation.CANCEL_ACQUIRE;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.cancelAcquire(this);
        }
    }

    /** @param fencingToken the token it was granted with, 0 when the caller does not say */
    record ReleaseLock(Caller caller, ChannelKey channel, String lockName, long fencingToken) implements Request {
        @Override
        public Request by(Caller present) {
            return new ReleaseLock(present, channel, lockName, fencingToken);
        }

        @Override
        public Operation operation() {
            return Operation.RELEASE_LOCK;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.releaseLock(this);
        }
    }

    /** @param owner the user who must own it, or null for whoever does */
    record RevokeLock(
            Caller caller,
            ChannelKey channel,
            String lockName,
            @Nullable String owner) implements Request {
        @Override
        public Request by(Caller present) {
            return new RevokeLock(present, channel, lockName, owner);
        }

        @Override
        public Operation operation() {
            return Operation.REVOKE_LOCK;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.revokeLock(this);
        }
    }

    record RemoveLock(Caller caller, ChannelKey channel, String lockName) implements Request {
        @Override
        public Request by(Caller present) {
            return new RemoveLock(present, channel, lockName);
        }

        @Override
        public Operation operation() {
            return Operation.REMOVE_LOCK;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.removeLock(this);
        }
    }

    record GetLock(Caller caller, ChannelKey channel, boolean withQueue) implements Request {
        @Override
        public Request by(Caller present) {
            return new GetLock(present, channel, withQueue);
        }

        @Override
        public Operation operation() {
            return Operation.GET_LOCK;
        }

        @Override
        public boolean isRemembered() {
            return false;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.getLock(this);
        }
    }

    /**
     * A write to the channel's storage; all items or none.
     *
     * @param operation one of SET_METADATA, UPDATE_METADATA, REMOVE_METADATA
     * @param items what to write; for a removal the keys, null for all of them
     * @param majorRevision the revision the whole must have, see {@link Metadata}
     * @param guard the lock the caller must own, or an empty string
     * @param fencingToken the token it must own it with, 0 for any
     */
    record WriteMetadata(
            Caller caller,
            ChannelKey channel,
            Operation operation,
            @Nullable List<Metadata.Change> items,
            long majorRevision,
            String guard,
            long fencingToken)
            implements Request {
        @Override
        public Request by(Caller present) {
            return new WriteMetadata(present, channel, operation, items, majorRevision, guard, fencingToken);
        }

        @Override
        public String lockName() {
            return guard;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.writeMetadata(this);
        }
    }

    record GetMetadata(Caller caller, ChannelKey channel) implements Request {
        @Override
        public Request by(Caller present) {
            return new GetMetadata(present, channel);
        }

        @Override
        public Operation operation() {
            return Operation.GET_METADATA;
        }

        @Override
        public boolean isRemembered() {
            return false;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.getMetadata(this);
        }
    }

    /** The session wants the channel's streams; it counts as present in the channel again. */
    record Subscribe(Caller caller, ChannelKey channel, boolean withLock, boolean withStorage, boolean withQueue)
            implements Request {
        @Override
        public Request by(Caller present) {
            return new Subscribe(present, channel, withLock, withStorage, withQueue);
        }

        @Override
        public Operation operation() {
            return Operation.SUBSCRIBE;
        }

        @Override
        public boolean isRemembered() {
            return false;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.subscribe(this);
        }
    }

    /** A session that was subscribed leaves the channel: its waits there end, the ttl of its locks there runs. */
    record Unsubscribe(Caller caller, ChannelKey channel) implements Request {
        @Override
        public Request by(Caller present) {
            return new Unsubscribe(present, channel);
        }

        @Override
        public Operation operation() {
            return Operation.UNSUBSCRIBE;
        }

        @Override
        public boolean isRemembered() {
            return false;
        }

        @Override
        public void accept(Visitor visitor) {
            visitor.unsubscribe(this);
        }
    }

    /** The session has a connection, at this gateway. Ignored when a later epoch is known. */
    record SessionOnline(String sessionId, long epoch, String userId, String gateway) implements Command {
        @Override
        public void accept(Visitor visitor) {
            visitor.sessionOnline(this);
        }
    }

    /** The connection of this epoch ended, or has been silent for too long. Ignored when a later epoch is known. */
    record SessionOffline(String sessionId, long epoch) implements Command {
        @Override
        public void accept(Visitor visitor) {
            visitor.sessionOffline(this);
        }
    }

    /** The session left on purpose: its locks are released, its waits end. Ignored when a later epoch is known. */
    record SessionGone(String sessionId, long epoch) implements Command {
        @Override
        public void accept(Visitor visitor) {
            visitor.sessionGone(this);
        }
    }

    /** Time has passed: what is due is done, the earliest first. */
    record Tick() implements Command {
        @Override
        public void accept(Visitor visitor) {
            visitor.tick(this);
        }
    }

    /**
     * Another node leads from here on: the moments before this command and those from it on are of different clocks, and its
     * limits are in force, on every node.
     *
     * <p>What counts down for somebody who is away starts again in full, so that no one loses anything sooner than promised;
     * what has been waited for so far, as the table saw it last, stays waited for. What is there beyond the new limits stays as
     * well. First in the log of each leader.
     */
    record LeaderChanged(Limits limits) implements Command {
        @Override
        public void accept(Visitor visitor) {
            visitor.leaderChanged(this);
        }
    }

    /** One method for each command. */
    interface Visitor {
        void setLock(SetLock command);

        void acquireLock(AcquireLock command);

        void cancelAcquire(CancelAcquire command);

        void releaseLock(ReleaseLock command);

        void revokeLock(RevokeLock command);

        void removeLock(RemoveLock command);

        void getLock(GetLock command);

        void writeMetadata(WriteMetadata command);

        void getMetadata(GetMetadata command);

        void subscribe(Subscribe command);

        void unsubscribe(Unsubscribe command);

        void sessionOnline(SessionOnline command);

        void sessionOffline(SessionOffline command);

        void sessionGone(SessionGone command);

        void tick(Tick command);

        void leaderChanged(LeaderChanged command);
    }
}
