// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Any value of any type that is made of records, enums, sealed interfaces, text, numbers, lists and maps: what a codec must
 * be able to carry, without anybody having to think of it when a field is added.
 */
public final class RandomValues {

    private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();
    private static final int LENGTH_MAX = 4;
    private static final int SPECIAL_ONE_IN = 8;

    private final SplittableRandom random;

    public RandomValues(long seed) {
        this.random = new SplittableRandom(seed);
    }

    public <T> T of(Class<T> type) {
        return type.cast(value(type));
    }

    private Object value(Type type) {
        return type instanceof ParameterizedType generic ? collection(generic) : simple((Class<?>) type);
    }

    private Object collection(ParameterizedType type) {
        Type[] of = type.getActualTypeArguments();
        if (type.getRawType() == List.class) {
            List<Object> list = new ArrayList<>();
            for (int i = random.nextInt(LENGTH_MAX); i > 0; i--) {
                list.add(value(of[0]));
            }
            return list;
        }
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = random.nextInt(LENGTH_MAX); i > 0; i--) {
            map.put(value(of[0]), value(of[1]));
        }
        return map;
    }

    private Object simple(Class<?> type) {
        if (type.isSealed()) {
            Class<?>[] kinds = type.getPermittedSubclasses();
            return value(kinds[random.nextInt(kinds.length)]);
        }
        if (type.isEnum()) {
            Object[] words = type.getEnumConstants();
            return words[random.nextInt(words.length)];
        }
        if (type.isRecord()) {
            return record(type);
        }
        if (type == String.class) {
            return text();
        }
        return type == boolean.class ? (Object) random.nextBoolean() : number(type);
    }

    private Object record(Class<?> type) {
        Shape shape = SHAPES.computeIfAbsent(type, Shape::of);
        Object[] values = new Object[shape.types.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = shape.mayBeNull[i] && random.nextBoolean() ? null : value(shape.types[i]);
        }
        try {
            return shape.constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Any chars, also halves of pairs; mostly letters. */
    private String text() {
        char[] chars = new char[random.nextInt(LENGTH_MAX * 2)];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) (isSpecial() ? random.nextInt(Character.MAX_VALUE + 1) : 'a' + random.nextInt(26));
        }
        return new String(chars);
    }

    private Object number(Class<?> type) {
        long value = isSpecial()
                ? random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE
                : random.nextLong() >> random.nextInt(Long.SIZE);
        if (type == int.class) {
            return (int) (value == Long.MAX_VALUE ? Integer.MAX_VALUE : value);
        }
        if (type == long.class || type == Long.class) {
            return value;
        }
        throw new IllegalArgumentException("no random " + type);
    }

    /** What a record is made of. */
    private record Shape(Constructor<?> constructor, Type[] types, boolean[] mayBeNull) {
        static Shape of(Class<?> type) {
            Constructor<?> constructor = type.getDeclaredConstructors()[0];
            constructor.setAccessible(true);
            RecordComponent[] components = type.getRecordComponents();
            Shape shape = new Shape(constructor, new Type[components.length], new boolean[components.length]);
            for (int i = 0; i < components.length; i++) {
                shape.types[i] = components[i].getGenericType();
                shape.mayBeNull[i] = components[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
            }
            return shape;
        }
    }

    private boolean isSpecial() {
        return random.nextInt(SPECIAL_ONE_IN) == 0;
    }
}
