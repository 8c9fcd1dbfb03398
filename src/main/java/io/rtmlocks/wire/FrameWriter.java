// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Described;
import io.rtmlocks.lock.LockView;
import io.rtmlocks.lock.Operation;
import io.rtmlocks.lock.Rejection;
import io.rtmlocks.lock.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes every frame the service sends. Frames are ASCII: what is not is escaped, so that no text can be damaged. */
public final class FrameWriter {

    private FrameWriter() {}

    /** The answer of a shard to a request. */
    public static String reply(long id, Reply reply) {
        Rejection rejection = reply.answer().rejection();
        if (rejection == null) {
            return success(id, reply.utcMillis(), reply.answer());
        }
        ErrorCode code = ErrorCode.of(rejection.kind());
        return JsonText.of(out -> {
            head(out, id, code.number(), reply.utcMillis());
            reply.answer().describe(out);
            out.flag("retryable", code.retryable());
        });
    }

    /** A request succeeded. */
    public static String success(long id, long utcMillis, Described fields) {
        return JsonText.of(out -> {
            head(out, id, 0, utcMillis);
            fields.describe(out);
        });
    }

    /**
     * A request failed before it reached a shard.
     *
     * @param id 0 when there was none that could be read
     * @param operation null when there was none that could be read
     * @param cause for {@code detail.cause}, or null
     */
    public static String failure(
            long id,
            long utcMillis,
            @Nullable Operation operation,
            ErrorCode code,
            String reason,
            @Nullable String cause) {
        ErrorCode named = operation == null ? code : code.in(operation);
        return JsonText.of(out -> {
            head(out, id, named.number(), utcMillis);
            out.text("operation", operation == null ? "RTMOperation" : operation.failureName())
                    .text("reason", reason);
            if (cause != null) {
                out.object("detail", detail -> detail.text("cause", cause));
            }
            out.flag("retryable", named.retryable());
        });
    }

    /** An event, which names all its fields itself. */
    public static String event(Described event) {
        return JsonText.of(event);
    }

    /** The locks of a channel, for a client that begins to see its events. */
    public static String lockSnapshot(ChannelKey channel, long seq, List<LockView> locks, long utcMillis) {
        return JsonText.of(out -> out.text("event", "lock")
                .text("eventType", "SNAPSHOT")
                .text("channel", channel.name())
                .text("channelType", channel.type().name())
                .list("snapshot", locks)
                .number("seq", seq)
                .number("timestamp", utcMillis));
    }

    private static void head(Described.Fields out, long id, int errorCode, long utcMillis) {
        if (id != 0) {
            out.number("id", id);
        }
        out.number("errorCode", errorCode).number("timestamp", utcMillis);
    }
}
