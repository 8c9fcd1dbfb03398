// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import io.rtmlocks.lock.Described;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;

/**
 * Fields as members of a JSON object, in ASCII: what is not is escaped.
 *
 * <p>A generator for every kind of document takes twice as long for these small ones, see PERFORMANCE.md.
 */
final class JsonText implements Described.Fields {

    private static final int LENGTH_EXPECTED = 256;
    private static final char ASCII_FIRST = ' ';
    private static final char ASCII_LAST = '~';
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final StringBuilder out = new StringBuilder(LENGTH_EXPECTED);

    private JsonText() {}

    static String of(Described value) {
        JsonText text = new JsonText();
        text.object(value);
        return text.out.toString();
    }

    private void object(Described value) {
        out.append('{');
        value.describe(this);
        out.append('}');
    }

    /** The comma before it, if it is not the first, and its name, which is one of the protocol's. */
    private StringBuilder member(String name) {
        comma();
        return out.append('"').append(name).append("\":");
    }

    private void comma() {
        if (out.charAt(out.length() - 1) != '{') {
            out.append(',');
        }
    }

    @Override
    public Described.Fields text(String name, String value) {
        member(name);
        string(value);
        return this;
    }

    @Override
    public Described.Fields number(String name, long value) {
        member(name).append(value);
        return this;
    }

    @Override
    public Described.Fields flag(String name, boolean value) {
        member(name).append(value);
        return this;
    }

    @Override
    public Described.Fields object(String name, Described value) {
        member(name);
        object(value);
        return this;
    }

    @Override
    public Described.Fields list(String name, Collection<? extends Described> values) {
        member(name).append('[');
        boolean isFirst = true;
        for (Described value : values) {
            if (!isFirst) {
                out.append(',');
            }
            isFirst = false;
            object(value);
        }
        out.append(']');
        return this;
    }

    @Override
    public Described.Fields map(String name, Map<String, ? extends Described> values) {
        return object(name, fields -> values.forEach(this::entry));
    }

    /** A member whose name is anybody's. */
    private void entry(String name, Described value) {
        comma();
        string(name);
        out.append(':');
        object(value);
    }

    private void string(String value) {
        out.append('"');
        if (isPlain(value)) {
            out.append(value);
        } else {
            value.chars().forEach(c -> character((char) c));
        }
        out.append('"');
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (!isPlain(value.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(char c) {
        return c >= ASCII_FIRST && c <= ASCII_LAST && c != '"' && c != '\\';
    }

    private void character(char c) {
        if (isPlain(c)) {
            out.append(c);
            return;
        }
        switch (c) {
            case '"', '\\' -> out.append('\\').append(c);
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> out.append("\\u").append(HEX.toHexDigits(c));
        }
    }
}
