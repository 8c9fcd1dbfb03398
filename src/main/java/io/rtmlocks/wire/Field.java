// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every field a request can have. Others are ignored. */
enum Field {
    ID("id"),
    OP("op"),
    USER_ID("userId"),
    TOKEN("token"),
    RESUME_TOKEN("resumeToken"),
    N("n"),
    CHANNEL("channel"),
    CHANNEL_TYPE("channelType"),
    WITH_LOCK("withLock"),
    WITH_STORAGE("withStorage"),
    WITH_QUEUE("withQueue"),
    LOCK_NAME("lockName"),
    TTL("ttl"),
    IF_EXISTS("ifExists"),
    RETRY("retry"),
    TIMEOUT_MS("timeoutMs"),
    WITH_POSITION("withPosition"),
    CREATE("create"),
    FENCING_TOKEN("fencingToken"),
    OWNER("owner"),
    DATA("data"),
    MAJOR_REVISION("majorRevision"),
    KEY("key"),
    VALUE("value"),
    REVISION("revision");

    /** At the place of the length: few names have one in common. */
    private static final List<List<Field>> BY_LENGTH = byLength();

    private static List<List<Field>> byLength() {
        int longest =
                Stream.of(values()).mapToInt(field -> field.text.length()).max().orElseThrow();
        return IntStream.rangeClosed(0, longest)
                .mapToObj(length -> Stream.of(values())
                        .filter(field -> field.text.length() == length)
                        .toList())
                .toList();
    }

    private final String text;

    Field(String text) {
        this.text = text;
    }

    static @Nullable Field named(String text) {
        return named(text, 0, text.length());
    }

    /** The field whose name is this part of the text. */
    static @Nullable Field named(String text, int from, int to) {
        if (to - from >= BY_LENGTH.size()) {
            return null;
        }
        for (Field field : BY_LENGTH.get(to - from)) {
            if (text.startsWith(field.text, from)) {
                return field;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return text;
    }
}
