// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import java.util.ArrayList;
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
        parts.add(() -> bytes);
    }

    /**
     * At the end: values, one after the other, that are written when somebody asks for the bytes.
     *
     * @param values that do not change
     * @param size of one of them in bytes, about
     * @return all pieces
     */
    <T> List<SnapshotPart> endWith(List<T> values, BinaryWriter.Writing<T> writing, ToIntFunction<T> size) {
        cut();
        int from = 0;
        int bytes = 0;
        for (int i = 0; i < values.size(); i++) {
            bytes += size.applyAsInt(values.get(i));
            if (bytes >= bytesEnough || i == values.size() - 1) {
                parts.add(later(values.subList(from, i + 1), writing));
                from = i + 1;
                bytes = 0;
            }
        }
        return parts;
    }

    private static <T> SnapshotPart later(List<T> values, BinaryWriter.Writing<T> writing) {
        return () -> {
            BinaryWriter out = new BinaryWriter();
            values.forEach(value -> writing.write(out, value));
            return out.toBytes();
        };
    }
}
