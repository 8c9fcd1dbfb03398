// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import org.jspecify.annotations.Nullable;

/**
 * One change of a lock, as every subscriber of its channel sees it (PROTOCOL.md §5).
 *
 * @param owner who owns it after the change, empty for nobody
 * @param fencingToken the token granted, or the one that ended; 0 for none
 * @param publisher who caused it, empty when time did
 * @param previousOwner who owned it before, empty for nobody, null where it does not apply
 * @param seq one more than that of the channel's last lock event
 */
public record LockEvent(
        Type type,
        ChannelKey channel,
        String lockName,
        String owner,
        int ttlSeconds,
        long fencingToken,
        String publisher,
        @Nullable String previousOwner,
        @Nullable Cause cause,
        long seq,
        long utcMillis)
        implements Described {

    public enum Type {
        SET,
        ACQUIRED,
        RELEASED,
        EXPIRED,
        REMOVED
    }

    /** Why an owner lost its lock. */
    public enum Cause {
        RELEASED,
        REVOKED,
        LOGOUT,
        OFFLINE,
        REMOVED
    }

    @Override
    public void describe(Fields out) {
        out.text("event", "lock")
                .text("eventType", type.name())
                .text("channel", channel.name())
                .text("channelType", channel.type().name())
                .text("lockName", lockName)
                .text("owner", owner)
                .number("ttl", ttlSeconds);
        if (fencingToken != 0) {
            out.number("fencingToken", fencingToken);
        }
        out.text("publisher", publisher);
        if (previousOwner != null) {
            out.text("previousOwner", previousOwner);
        }
        if (cause != null) {
            out.text("cause", cause.name());
        }
        out.number("seq", seq).number("timestamp", utcMillis);
    }
}
