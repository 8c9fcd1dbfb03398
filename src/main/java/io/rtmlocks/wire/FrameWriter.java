// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SegmentedStringWriter;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.BufferRecycler;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Described;
import io.rtmlocks.lock.LockView;
import io.rtmlocks.lock.Operation;
import io.rtmlocks.lock.Rejection;
import io.rtmlocks.lock.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes every frame the service sends. Frames are ASCII: what is not is escaped, so that no text can be damaged. */
public final class FrameWriter {

    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final ThreadLocal<BufferRecycler> RECYCLER = ThreadLocal.withInitial(BufferRecycler::new);

    private FrameWriter() {}

    /** The answer of a shard to a request. */
    public static String reply(long id, Reply reply) {
        Rejection rejection = reply.answer().rejection();
        if (rejection == null) {
            return success(id, reply.utcMillis(), reply.answer());
        }
        ErrorCode code = ErrorCode.of(rejection.kind());
        return write(out -> {
            head(out, id, code.number(), reply.utcMillis());
            reply.answer().describe(out);
            out.flag("retryable", code.retryable());
        });
    }

    /** A request succeeded. */
    public static String success(long id, long utcMillis, Described fields) {
        return write(out -> {
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
            long id, long utcMillis, @Nullable Operation operation, ErrorCode code, String reason, @Nullable String cause) {
        ErrorCode named = operation == null ? code : code.in(operation);
        return write(out -> {
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
        return write(event);
    }

    /** The locks of a channel, for a client that begins to see its events. */
    public static String lockSnapshot(ChannelKey channel, long seq, List<LockView> locks, long utcMillis) {
        return write(out -> out.text("event", "lock")
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

    private static String write(Described object) {
        SegmentedStringWriter text = new SegmentedStringWriter(RECYCLER.get());
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            generator.writeStartObject();
            object.describe(new JsonFields(generator));
            generator.writeEndObject();
            generator.flush();
            return text.getAndClear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fields as members of a JSON object. */
    private record JsonFields(JsonGenerator json) implements Described.Fields {

        private interface Step {
            void run() throws IOException;
        }

        private JsonFields done(Step step) {
            try {
                step.run();
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Described.Fields text(String name, String value) {
            return done(() -> json.writeStringField(name, value));
        }

        @Override
        public Described.Fields number(String name, long value) {
            return done(() -> json.writeNumberField(name, value));
        }

        @Override
        public Described.Fields flag(String name, boolean value) {
            return done(() -> json.writeBooleanField(name, value));
        }

        @Override
        public Described.Fields object(String name, Described value) {
            return done(() -> {
                json.writeObjectFieldStart(name);
                value.describe(this);
                json.writeEndObject();
            });
        }

        @Override
        public Described.Fields list(String name, Collection<? extends Described> values) {
            return done(() -> {
                json.writeArrayFieldStart(name);
                for (Described value : values) {
                    json.writeStartObject();
                    value.describe(this);
                    json.writeEndObject();
                }
                json.writeEndArray();
            });
        }

        @Override
        public Described.Fields map(String name, Map<String, ? extends Described> values) {
            return done(() -> {
                json.writeObjectFieldStart(name);
                for (Map.Entry<String, ? extends Described> entry : values.entrySet()) {
                    object(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            });
        }
    }
}
