// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import org.jspecify.annotations.Nullable;

/**
 * Why a request was refused. It had no effect.
 *
 * @param reason a sentence for a person, which names who or what stood in the way
 * @param detail the same for a program, or null
 */
public record Rejection(Kind kind, String reason, @Nullable Detail detail) {

    /** What kind of refusal it is; the wire has one number for each. */
    public enum Kind {
        FAILED,
        ALREADY_WAITING,
        LOCK_EXISTS,
        NOT_OWNER,
        NOT_ACQUIRED,
        NO_SUCH_LOCK,
        ID_REUSED,
        LOCK_GUARD,
        KEY_NOT_LEGAL,
        METADATA_TOO_LARGE,
        DUPLICATE_KEY,
        OUTDATED_REVISION
    }

    /** The finer reason in {@code detail.cause}. */
    public enum Cause {
        BUSY,
        TIMEOUT,
        CANCELLED,
        UNSUBSCRIBED,
        LOGOUT,
        OFFLINE,
        REMOVED,
        QUEUE_FULL,
        TOO_MANY_LOCKS,
        TOO_MANY_CHANNELS,
        NO_SUCH_KEY,
        TOO_MANY_HELD,
        TOO_MANY_WAITS
    }

    /** What a program may want to know; fields that do not apply are left out. */
    public record Detail(
            @Nullable Cause cause,
            @Nullable Holder holder,
            @Nullable String key) implements Described {

        static Detail of(Cause cause) {
            return new Detail(cause, null, null);
        }

        static Detail of(@Nullable Cause cause, Holder holder) {
            return new Detail(cause, holder, null);
        }

        static Detail ofKey(@Nullable Cause cause, String key) {
            return new Detail(cause, null, key);
        }

        @Override
        public void describe(Fields out) {
            if (cause != null) {
                out.text("cause", cause.name());
            }
            if (holder != null) {
                holder.describe(out);
            }
            if (key != null) {
                out.text("key", key);
            }
        }
    }

    /** Who has the lock that stood in the way: an empty owner when nobody has. */
    public record Holder(String owner, long sinceUtcMillis, int waiters) implements Described {
        @Override
        public void describe(Fields out) {
            out.text("owner", owner).number("since", sinceUtcMillis).number("waiters", waiters);
        }
    }
}
