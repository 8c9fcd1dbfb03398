// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link BinaryWriter} wrote, and trusts nothing of it.
 *
 * <p>No more is allocated than a small multiple of the bytes that are there, and each step consumes some: whatever the bytes
 * are, reading ends, with a value or with a {@link BadMessageException}.
 */
public final class BinaryReader {

    private static final int LOW_BITS = 7;
    private static final int LOW_MASK = 0x7f;
    private static final int MORE = 0x80;

    private final byte[] bytes;
    private final int end;
    private int position;

    public BinaryReader(byte[] bytes) {
        this(bytes, bytes.length);
    }

    /** @param length how many of the bytes belong to the message */
    public BinaryReader(byte[] bytes, int length) {
        this.bytes = bytes;
        this.end = length;
    }

    /** How one value is read; consumes at least one byte. */
    public interface Reading<T> {
        T read(BinaryReader in) throws BadMessageException;
    }

    private int remaining() {
        return end - position;
    }

    public boolean hasMore() {
        return remaining() > 0;
    }

    private int take() throws BadMessageException {
        if (remaining() == 0) {
            throw new BadMessageException("the message ends too early");
        }
        return bytes[position++];
    }

    public boolean flag() throws BadMessageException {
        int value = take();
        if (value != 0 && value != 1) {
            throw new BadMessageException("neither true nor false: " + value);
        }
        return value == 1;
    }

    public long number() throws BadMessageException {
        long result = 0;
        for (int shift = 0; shift < Long.SIZE; shift += LOW_BITS) {
            int next = take();
            result |= (long) (next & LOW_MASK) << shift;
            if ((next & MORE) == 0) {
                return (result >>> 1) ^ -(result & 1);
            }
        }
        throw new BadMessageException("a number without end");
    }

    /** @return a number from {@code min} to {@code max} */
    public int number(int min, int max) throws BadMessageException {
        long value = number();
        if (value < min || value > max) {
            throw new BadMessageException(value + " is not from " + min + " to " + max);
        }
        return (int) value;
    }

    /** @return a number of things that follow, of at least one byte each */
    private int count() throws BadMessageException {
        return promised(number(0, Integer.MAX_VALUE));
    }

    private int promised(int count) throws BadMessageException {
        if (count > remaining()) {
            throw new BadMessageException(count + " are promised in " + remaining() + " bytes");
        }
        return count;
    }

    public <E> E word(E[] words) throws BadMessageException {
        return words[number(0, words.length - 1)];
    }

    public String text() throws BadMessageException {
        int length = number(Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (length < 0) {
            return wideText(promised(~length));
        }
        position += promised(length);
        return new String(bytes, position - length, length, StandardCharsets.ISO_8859_1);
    }

    private String wideText(int length) throws BadMessageException {
        char[] chars = new char[length];
        for (int i = 0; i < length; i++) {
            chars[i] = (char) number(0, Character.MAX_VALUE);
        }
        return new String(chars);
    }

    public byte[] bytes() throws BadMessageException {
        int length = count();
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    public <T> @Nullable T optional(Reading<T> reading) throws BadMessageException {
        return flag() ? reading.read(this) : null;
    }

    public <T> List<T> list(Reading<T> reading) throws BadMessageException {
        int count = count();
        List<T> values = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            values.add(reading.read(this));
        }
        return values;
    }

    /** The message must be over here. */
    public void end() throws BadMessageException {
        if (remaining() > 0) {
            throw new BadMessageException(remaining() + " bytes too many");
        }
    }
}
