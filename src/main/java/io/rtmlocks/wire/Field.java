// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import java.util.HashMap;
import java.util.Map;
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

    private static final Map<String, Field> BY_NAME = new HashMap<>();

    static {
        for (Field field : values()) {
            BY_NAME.put(field.text, field);
        }
    }

    private final String text;

    Field(String text) {
        this.text = text;
    }

    static @Nullable Field named(String text) {
        return BY_NAME.get(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
