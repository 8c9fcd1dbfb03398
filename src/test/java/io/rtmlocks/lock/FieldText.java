// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Described values as {@code name=value}, without what a reader can do without: the usual channel, the present time, what
 * the line's start says already. Lists and maps of the first level get a line for each element.
 */
final class FieldText implements Described.Fields {

    private static final Set<String> SAID_BY_THE_START = Set.of("event", "eventType", "type", "operation");
    private static final Set<String> MOMENTS = Set.of("since", "updated", "timestamp");
    private static final int VALUE_SHOWN_MAX = 40;

    private final StringBuilder line;
    private final List<String> below = new ArrayList<>();
    private final Naming naming;
    private final boolean nested;

    FieldText(String start, Naming naming) {
        this(start, naming, false);
    }

    private FieldText(String start, Naming naming, boolean nested) {
        this.line = new StringBuilder(start);
        this.naming = naming;
        this.nested = nested;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line.toString());
        lines.addAll(below);
        return lines;
    }

    private FieldText field(String name, String value) {
        line.append(line.isEmpty() ? "" : " ").append(name).append('=').append(value);
        return this;
    }

    @Override
    public FieldText text(String name, String value) {
        if (SAID_BY_THE_START.contains(name) || naming.isUsual(name, value)) {
            return this;
        }
        return name.equals("lockName") && !nested ? bare(value) : field(name, shown(value));
    }

    private FieldText bare(String value) {
        line.append(' ').append(value);
        return this;
    }

    private static String shown(String value) {
        if (value.length() > VALUE_SHOWN_MAX && value.chars().distinct().count() == 1) {
            return value.charAt(0) + "*" + value.length();
        }
        return value.contains(" ") ? '"' + value + '"' : value;
    }

    @Override
    public FieldText number(String name, long value) {
        if (MOMENTS.contains(name)) {
            boolean isNow = name.equals("timestamp") && value == naming.nowUtcMillis();
            return isNow ? this : field(name, naming.moment(value));
        }
        return field(name, name.equals("fencingToken") ? naming.token(value) : String.valueOf(value));
    }

    @Override
    public FieldText flag(String name, boolean value) {
        return field(name, String.valueOf(value));
    }

    @Override
    public FieldText object(String name, Described value) {
        return field(name, inBraces(value));
    }

    private String inBraces(Described value) {
        FieldText inner = new FieldText("", naming, true);
        value.describe(inner);
        return "{" + inner.line + "}";
    }

    @Override
    public FieldText list(String name, Collection<? extends Described> values) {
        return elements(name, values, this::inBraces);
    }

    @Override
    public FieldText map(String name, Map<String, ? extends Described> values) {
        return elements(name, values.entrySet(), each -> each.getKey() + "=" + inBraces(each.getValue()));
    }

    private <T> FieldText elements(String name, Collection<T> values, Function<T, String> text) {
        List<String> texts = values.stream().map(text).toList();
        if (nested || texts.isEmpty()) {
            return field(name, texts.toString());
        }
        texts.forEach(each -> below.add("    " + name + " " + each));
        return this;
    }
}
