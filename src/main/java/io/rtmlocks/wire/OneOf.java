// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A value of one of several classes, written as the number of its class and then as that class is.
 *
 * <p>A number, once given, keeps its meaning as long as the version of the messages does.
 */
public final class OneOf<T> {

    /** Filled on the way: a value may be of a class that implements the one that has a number. */
    private final Map<Class<?>, Kind<? extends T>> byClass = new ConcurrentHashMap<>();

    private final Map<Integer, Kind<? extends T>> byNumber = new HashMap<>();

    /** @return this */
    public <K extends T> OneOf<T> with(
            int number, Class<K> type, BinaryWriter.Writing<K> writing, BinaryReader.Reading<? extends K> reading) {
        Kind<K> kind = new Kind<>(number, type, writing, reading);
        byNumber.put(number, kind);
        return this;
    }

    /** @throws IllegalArgumentException when there is no number for the value's class */
    public void write(BinaryWriter out, T value) {
        Kind<? extends T> kind = byClass.get(value.getClass());
        if (kind == null) {
            kind = byClass.computeIfAbsent(value.getClass(), this::kindOf);
        }
        out.number(kind.number);
        kind.write(out, value);
    }

    private Kind<? extends T> kindOf(Class<?> type) {
        return byNumber.values().stream()
                .filter(kind -> kind.type.isAssignableFrom(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no number for " + type));
    }

    public T read(BinaryReader in) throws BadMessageException {
        long number = in.number();
        @Nullable Kind<? extends T> kind = number == (int) number ? byNumber.get((int) number) : null;
        if (kind == null) {
            throw new BadMessageException("nothing known has the number " + number);
        }
        return kind.reading.read(in);
    }

    /** All classes that have a number. */
    Set<Class<?>> classes() {
        return byNumber.values().stream().map(Kind::type).collect(Collectors.toSet());
    }

    private record Kind<K>(
            int number, Class<K> type, BinaryWriter.Writing<K> writing, BinaryReader.Reading<? extends K> reading) {
        void write(BinaryWriter out, Object value) {
            writing.write(out, type.cast(value));
        }
    }
}
