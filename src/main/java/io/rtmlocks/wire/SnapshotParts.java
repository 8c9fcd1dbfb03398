// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** Cuts a snapshot into pieces, between two values wherever one has become large enough: an array of all of it would be huge. */
final class SnapshotParts {

    private final int bytesEnough;
    private final List<SnapshotPart> parts = new ArrayList<>();
    private BinaryWriter out;

    /** @param out where the first piece begins */
    SnapshotParts(BinaryWriter out, int bytesEnough) {
        this.out = out;
        this.bytesEnough = bytesEnough;
    }

    /** To be asked anew after each list. */
    BinaryWriter out() {
        return out;
    }

    /** Writes what {@link BinaryWriter#list} writes. */
    <T> void list(List<T> values, BinaryWriter.Writing<T> writing) {
        out.number(values.size());
        for (T value : values) {
            writing.write(out, value);
            if (out.size() >= bytesEnough) {
                cut();
            }
        }
    }

    private void cut() {
        byte[] bytes = out.toBytes();
        out = new BinaryWriter();
        for (int from = 0; from < bytes.length; from += bytesEnough) {
            byte[] part = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + bytesEnough));
            parts.add(() -> part);
        }
    }

    /**
     * At the end: values, one after the other, that are written when somebody asks for the bytes. What has been written so far and is no
     * piece of its own yet comes before them: a small snapshot is one piece.
     *
     * @param values that do not change
     * @param size of one of them in bytes, about
     * @return all pieces
     */
    <T> List<SnapshotPart> endWith(List<T> values, BinaryWriter.Writing<T> writing, ToIntFunction<T> size) {
        int from = 0;
        int bytes = out.size();
        for (int i = 0; i < values.size(); i++) {
            bytes += size.applyAsInt(values.get(i));
            if (bytes >= bytesEnough) {
                later(values.subList(from, i + 1), writing);
                from = i + 1;
                bytes = 0;
            }
        }
        later(values.subList(from, values.size()), writing);
        return parts;
    }

    private <T> void later(List<T> values, BinaryWriter.Writing<T> writing) {
        byte[] before = out.toBytes();
        out = new BinaryWriter();
        if (before.length > 0 || !values.isEmpty()) {
            parts.add(() -> written(before, values, writing));
        }
    }

    private static <T> byte[] written(byte[] before, List<T> values, BinaryWriter.Writing<T> writing) {
        BinaryWriter rest = new BinaryWriter();
        values.forEach(value -> writing.write(rest, value));
        byte[] all = Arrays.copyOf(before, before.length + rest.size());
        System.arraycopy(rest.toBytes(), 0, all, before.length, rest.size());
        return all;
    }
}
