// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One lock as {@code getLock} and {@code SNAPSHOT} show it.
 *
 * @param owner empty when it is free; then the token and {@code sinceUtcMillis} are 0
 * @param queue the first waiters, or null when they were not asked for
 */
public record LockView(
        String lockName,
        String owner,
        int ttlSeconds,
        long fencingToken,
        long sinceUtcMillis,
        boolean ownerOnline,
        int waiters,
        @Nullable List<WaiterView> queue)
        implements Described {

    /** The most waiters a {@code queue} shows. */
    static final int QUEUE_SHOWN_MAX = 100;

    @Override
    public void describe(Fields out) {
        out.text("lockName", lockName)
                .text("owner", owner)
                .number("ttl", ttlSeconds)
                .number("fencingToken", fencingToken)
                .number("since", sinceUtcMillis)
                .flag("ownerOnline", ownerOnline)
                .number("waiters", waiters);
        if (queue != null) {
            out.list("queue", queue);
        }
    }

    /** One waiter as others see it. */
    public record WaiterView(String userId, long sinceUtcMillis, boolean online) implements Described {
        @Override
        public void describe(Fields out) {
            out.text("userId", userId).number("since", sinceUtcMillis).flag("online", online);
        }
    }

    /** What a session that came back holds: the {@code held} of the login reply. */
    public record Held(ChannelKey channel, String lockName, long fencingToken) implements Described {
        @Override
        public void describe(Fields out) {
            out.text("channel", channel.name())
                    .text("channelType", channel.type().name())
                    .text("lockName", lockName)
                    .number("fencingToken", fencingToken);
        }
    }

    /** What a session that came back waits for: the {@code waiting} of the login reply; position 1 is next. */
    public record Waiting(ChannelKey channel, String lockName, long requestId, int position) implements Described {
        @Override
        public void describe(Fields out) {
            out.text("channel", channel.name())
                    .text("channelType", channel.type().name())
                    .text("lockName", lockName)
                    .number("requestId", requestId)
                    .number("position", position);
        }
    }
}
