// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.List;
import java.util.Map;

/**
 * What is to be done because of a command, in this order: the only way a {@link LockTable} speaks.
 *
 * <p>Effects for one session carry the gateway that has its connection. The shard's leader carries effects out;
 * answers may be given by a replica that knows of the commit before it.
 */
public sealed interface Effect {

    void accept(Visitor visitor);

    /** A request is answered. */
    record Replied(String gateway, String sessionId, long requestId, Reply reply) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.replied(this);
        }
    }

    /** A session is told that it no longer owns a lock; comes before the lock's next {@code ACQUIRED}. */
    record LockLost(String gateway, String sessionId, Loss loss) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.lockLost(this);
        }
    }

    /** A session subscribed: it sees the channel as it is now, and from here on every event after {@code seq}. */
    record Snapshotted(
            String gateway,
            String sessionId,
            ChannelKey channel,
            long requestId,
            boolean withLock,
            boolean withStorage,
            boolean withQueue,
            long seq,
            List<LockView> locks,
            StorageEvent storage,
            long utcMillis)
            implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.snapshotted(this);
        }
    }

    /**
     * The table knows that the session is online in this epoch, and found it holding and waiting for this.
     *
     * @param highestId of the answers that it remembers, 0 for none
     */
    record Resumed(
            String gateway,
            String sessionId,
            long epoch,
            boolean wasKnown,
            long highestId,
            List<LockView.Held> held,
            List<LockView.Waiting> waiting)
            implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.resumed(this);
        }
    }

    /** The session that left on purpose holds and waits for nothing here any more. */
    record Departed(String gateway, String sessionId, long epoch) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.departed(this);
        }
    }

    /**
     * The session is not online here in the caller's epoch: nothing happened, the sender may announce it anew and ask again.
     *
     * @param caller with request 0 when it was the announcement that came too late
     * @param knownEpoch the one in which the session is known, 0 when it is not
     * @param knownGateway where it is known to be, empty when it is not known
     */
    record NotAdmitted(Caller caller, long knownEpoch, String knownGateway) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.notAdmitted(this);
        }
    }

    /** The session goes on at another gateway, which this one, where it was online in that epoch, may not have heard. */
    record TakenOver(String gateway, String sessionId, long epoch, long laterEpoch) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.takenOver(this);
        }
    }

    /** Every subscriber of the channel's locks sees the event. */
    record Published(LockEvent event) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.published(this);
        }
    }

    /** Every subscriber of the channel's storage sees the event. */
    record StoragePublished(StorageEvent event) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.storagePublished(this);
        }
    }

    /** A waiter that asked for it is told its place at once; how it changes is told with the queue. */
    record Placed(QueueView.Place place) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.placed(this);
        }
    }

    /** Who waits, or in which order, has changed: read it from the table when there is time to tell. */
    record QueueChanged(ChannelKey channel, String lockName) implements Effect {
        @Override
        public void accept(Visitor visitor) {
            visitor.queueChanged(this);
        }
    }

    /** A lock that its owner lost other than by its own release. */
    record Loss(ChannelKey channel, String lockName, long fencingToken, LockEvent.Cause cause, long utcMillis)
            implements Described {
        @Override
        public void describe(Fields out) {
            out.text("event", "session")
                    .text("type", "LOCK_LOST")
                    .text("channel", channel.name())
                    .text("channelType", channel.type().name())
                    .text("lockName", lockName)
                    .number("fencingToken", fencingToken)
                    .text("cause", cause.name())
                    .number("timestamp", utcMillis);
        }
    }

    /** The whole storage of a channel after a change, or at a subscription. */
    record StorageEvent(
            boolean isSnapshot,
            ChannelKey channel,
            long majorRevision,
            Map<String, Metadata.Item> items,
            String publisher,
            long utcMillis)
            implements Described {
        @Override
        public void describe(Fields out) {
            out.text("event", "storage")
                    .text("eventType", isSnapshot ? "SNAPSHOT" : "UPDATE")
                    .text("channel", channel.name())
                    .text("channelType", channel.type().name())
                    .number("majorRevision", majorRevision)
                    .map("metadata", items)
                    .text("publisher", publisher)
                    .number("timestamp", utcMillis);
        }
    }

    /** One method for each effect. */
    interface Visitor {
        void replied(Replied effect);

        void lockLost(LockLost effect);

        void snapshotted(Snapshotted effect);

        void resumed(Resumed effect);

        void departed(Departed effect);

        void notAdmitted(NotAdmitted effect);

        void takenOver(TakenOver effect);

        void published(Published effect);

        void storagePublished(StoragePublished effect);

        void placed(Placed effect);

        void queueChanged(QueueChanged effect);
    }
}
