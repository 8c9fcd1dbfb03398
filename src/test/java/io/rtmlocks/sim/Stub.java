// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stands in for an interface of a library: it does what is written here, and says so when it is asked for anything else. */
public final class Stub implements InvocationHandler {

    private final Map<String, Function<Object[], @Nullable Object>> answers = new HashMap<>();

    /** It answers this method with a value. */
    public Stub answer(String method, Function<Object[], @Nullable Object> value) {
        answers.put(method, value);
        return this;
    }

    /** It does this when the method is called, and returns itself where the method returns anything. */
    public Stub run(String method, Consumer<Object[]> action) {
        return answer(method, arguments -> {
            action.accept(arguments);
            return this;
        });
    }

    /** @param others interfaces it can be cast to as well */
    public <T> T as(Class<T> type, Class<?>... others) {
        Class<?>[] types = new Class<?>[others.length + 1];
        types[0] = type;
        System.arraycopy(others, 0, types, 1, others.length);
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), types, this));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
        Function<Object[], @Nullable Object> answer = answers.get(method.getName());
        if (answer != null) {
            Object value = answer.apply(arguments == null ? new Object[0] : arguments);
            return value != this ? value : method.getReturnType() == void.class ? null : proxy;
        }
        return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> arguments != null && proxy == arguments[0];
            case "toString" -> "stub" + answers.keySet();
            default -> throw new UnsupportedOperationException("nobody said what it does: " + method);
        };
    }
}
