// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a {@link BinaryReader} reads: numbers take as many bytes as they need, a collection says its size first.
 *
 * <p>Text keeps every char, also what is not legal Unicode: every replica must have the very same.
 */
public final class BinaryWriter {

    private static final int FIRST_BYTES = 256;
    private static final int LOW_BITS = 7;
    private static final int LOW_MASK = 0x7f;
    private static final int MORE = 0x80;
    private static final char LATIN1_MAX = 0xff;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int size;

    /** How one value is written. */
    public interface Writing<T> {
        void write(BinaryWriter out, T value);
    }

    private void put(int value) {
        makeRoom(1);
        bytes[size++] = (byte) value;
    }

    private void put(byte[] value) {
        makeRoom(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    private void makeRoom(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(size * 2, Math.addExact(size, more)));
        }
    }

    public BinaryWriter flag(boolean value) {
        put(value ? 1 : 0);
        return this;
    }

    /** Any number; small ones, also below zero, are short. */
    public BinaryWriter number(long value) {
        long rest = (value << 1) ^ (value >> (Long.SIZE - 1));
        while ((rest & ~LOW_MASK) != 0) {
            put((int) (rest & LOW_MASK) | MORE);
            rest >>>= LOW_BITS;
        }
        put((int) rest);
        return this;
    }

    /** One of a closed vocabulary, as its place there: the order of the words belongs to the version of the messages. */
    @SuppressWarnings("EnumOrdinal")
    public BinaryWriter word(Enum<?> value) {
        return number(value.ordinal());
    }

    /** Text of chars that fit into a byte, which is nearly all, as these; other text by the complement of its length, and char by char. */
    public BinaryWriter text(String value) {
        int begin = size;
        int length = value.length();
        number(length);
        makeRoom(length);
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c > LATIN1_MAX) {
                size = begin;
                return wideText(value);
            }
            bytes[size + i] = (byte) c;
        }
        size += length;
        return this;
    }

    private BinaryWriter wideText(String value) {
        number(~value.length());
        for (int i = 0; i < value.length(); i++) {
            number(value.charAt(i));
        }
        return this;
    }

    public BinaryWriter bytes(byte[] value) {
        number(value.length);
        put(value);
        return this;
    }

    public <T> BinaryWriter one(T value, Writing<? super T> writing) {
        writing.write(this, value);
        return this;
    }

    public <T> BinaryWriter optional(@Nullable T value, Writing<? super T> writing) {
        flag(value != null);
        if (value != null) {
            writing.write(this, value);
        }
        return this;
    }

    public <T> BinaryWriter list(Collection<? extends T> values, Writing<? super T> writing) {
        number(values.size());
        for (T value : values) {
            writing.write(this, value);
        }
        return this;
    }

    public int size() {
        return size;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }
}
