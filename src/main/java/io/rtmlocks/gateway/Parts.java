// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Puts the text of a message together from its fragments, of which there may be so many bytes and {@value #PARTS_MAX} parts. */
final class Parts {

    private static final int PARTS_MAX = 1_024;
    private static final char REPLACEMENT = '\uFFFD';

    private final int bytesMax;
    private @Nullable Buffer bytes;
    private int parts;

    Parts(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    boolean isEmpty() {
        return bytes == null;
    }

    /** @return whether it is not too much */
    boolean add(Buffer part) {
        parts++;
        int length = part.length() + (bytes == null ? 0 : bytes.length());
        if (length > bytesMax || parts > PARTS_MAX) {
            return false;
        }
        if (bytes == null) {
            bytes = part;
        } else {
            Buffer whole = parts == 2 ? Buffer.buffer(length).appendBuffer(bytes) : bytes;
            bytes = whole.appendBuffer(part);
        }
        return true;
    }

    /** The text of all parts, null when it is not UTF-8; the next message begins. */
    @Nullable
    String take() {
        Buffer whole = bytes == null ? Buffer.buffer() : bytes;
        bytes = null;
        parts = 0;
        String text = whole.toString(StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) >= 0 && !isUtf8(whole) ? null : text;
    }

    private static boolean isUtf8(Buffer bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.getBytes()));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
