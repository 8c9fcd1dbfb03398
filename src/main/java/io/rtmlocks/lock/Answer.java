// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a request is answered with; the fields are those PROTOCOL.md names for the operation. */
public sealed interface Answer extends Described {

    ChannelKey channel();

    /** The lock that it is about, or an empty string. */
    default String lockName() {
        return "";
    }

    /** The refusal, or null when the request succeeded. */
    default @Nullable Rejection rejection() {
        return null;
    }

    /** How much it counts for among the remembered answers of a session. */
    default int weight() {
        return 1;
    }

    private static Described.Fields where(Described.Fields out, ChannelKey channel) {
        return out.text("channel", channel.name())
                .text("channelType", channel.type().name());
    }

    private static Described.Fields where(Described.Fields out, ChannelKey channel, String lockName) {
        return where(out, channel).text("lockName", lockName);
    }

    record LockSet(ChannelKey channel, String lockName, int ttlSeconds) implements Answer {
        @Override
        public void describe(Fields out) {
            where(out, channel, lockName).number("ttl", ttlSeconds);
        }
    }

    record Granted(
            ChannelKey channel, String lockName, String owner, int ttlSeconds, long fencingToken, long waitedMillis)
            implements Answer {
        @Override
        public void describe(Fields out) {
            where(out, channel, lockName)
                    .text("owner", owner)
                    .number("ttl", ttlSeconds)
                    .number("fencingToken", fencingToken)
                    .number("waitedMs", waitedMillis);
        }
    }

    record Cancelled(ChannelKey channel, String lockName, boolean cancelled) implements Answer {
        @Override
        public void describe(Fields out) {
            where(out, channel, lockName).flag("cancelled", cancelled);
        }
    }

    record Released(ChannelKey channel, String lockName) implements Answer {
        @Override
        public void describe(Fields out) {
            where(out, channel, lockName);
        }
    }

    /** @param owner who lost it */
    record Revoked(ChannelKey channel, String lockName, String owner) implements Answer {
        @Override
        public void describe(Fields out) {
            where(out, channel, lockName).text("owner", owner);
        }
    }

    record Removed(ChannelKey channel, String lockName) implements Answer {
        @Override
        public void describe(Fields out) {
            where(out, channel, lockName);
        }
    }

    record Locks(ChannelKey channel, long seq, List<LockView> locks) implements Answer {
        @Override
        public void describe(Fields out) {
            where(out, channel)
                    .number("totalLocks", locks.size())
                    .list("locks", locks)
                    .number("seq", seq);
        }
    }

    /** A write to the storage succeeded; {@code written} has the new revision of each key written. */
    record Written(ChannelKey channel, int totalCount, long majorRevision, Map<String, Metadata.Revision> written)
            implements Answer {
        @Override
        public int weight() {
            return 1 + written.size();
        }

        @Override
        public void describe(Fields out) {
            where(out, channel)
                    .number("totalCount", totalCount)
                    .number("majorRevision", majorRevision)
                    .map("metadata", written);
        }
    }

    /** All that the storage holds. */
    record Stored(ChannelKey channel, int totalCount, long majorRevision, Map<String, Metadata.Item> items)
            implements Answer {
        @Override
        public void describe(Fields out) {
            where(out, channel)
                    .number("totalCount", totalCount)
                    .number("majorRevision", majorRevision)
                    .map("metadata", items);
        }
    }

    record Subscribed(ChannelKey channel, long seq) implements Answer {
        @Override
        public void describe(Fields out) {
            where(out, channel).number("seq", seq);
        }
    }

    record Unsubscribed(ChannelKey channel) implements Answer {
        @Override
        public void describe(Fields out) {
            where(out, channel);
        }
    }

    /** @param lockName the lock asked for, or an empty string */
    record Rejected(Operation operation, ChannelKey channel, String lockName, Rejection rejection) implements Answer {
        @Override
        public void describe(Fields out) {
            out.text("operation", operation.failureName()).text("reason", rejection.reason());
            where(out, channel);
            if (!lockName.isEmpty()) {
                out.text("lockName", lockName);
            }
            if (rejection.detail() != null) {
                out.object("detail", rejection.detail());
            }
        }
    }
}
