// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of nearly every frame in one pass: an object of known fields, each there once, with values that are integers,
 * flags, or text of printable ASCII without escapes.
 *
 * <p>It leaves whatever is more than that, and all that is wrong, to {@link FrameReader}: what it does read, it reads as that would.
 */
final class PlainFrame {

    private static final int NOWHERE = -1;
    private static final char ASCII_FIRST = ' ';
    private static final char ASCII_LAST = '~';
    private static final char END = '\0';
    private static final int DIGITS_MAX = 18;
    private static final int TEN = 10;

    private final String text;
    private int at;

    private PlainFrame(String text) {
        this.text = text;
    }

    /** @return whether it is such a text; if not, {@code slots} has some of it */
    static boolean read(String text, Map<Field, Object> slots) {
        return new PlainFrame(text).read(slots);
    }

    private boolean read(Map<Field, Object> slots) {
        if (!skip('{')) {
            return false;
        }
        do {
            Field field = name();
            if (field == null || field == Field.DATA || !skip(':')) {
                return false;
            }
            Object value = value();
            if (value == null || slots.put(field, value) != null) {
                return false;
            }
        } while (skip(','));
        return skip('}') && at == text.length();
    }

    private char next() {
        return at < text.length() ? text.charAt(at) : END;
    }

    /** Steps over this character and spaces before it. */
    private boolean skip(char expected) {
        spaces();
        boolean isThere = next() == expected;
        at += isThere ? 1 : 0;
        return isThere;
    }

    private void spaces() {
        while (next() == ' ') {
            at++;
        }
    }

    private @Nullable Object value() {
        spaces();
        return switch (next()) {
            case '"' -> string();
            case 't' -> flag("true", true);
            case 'f' -> flag("false", false);
            default -> integer();
        };
    }

    private @Nullable Field name() {
        int from = begin();
        return from == NOWHERE ? null : Field.named(text, from, at++);
    }

    private @Nullable String string() {
        int from = begin();
        return from == NOWHERE ? null : text.substring(from, at++);
    }

    /** @return where a plain string begins, whose end has been looked for; or nowhere */
    private int begin() {
        if (!skip('"')) {
            return NOWHERE;
        }
        int from = at;
        for (char c = next(); c != '"'; c = next()) {
            if (c < ASCII_FIRST || c > ASCII_LAST || c == '\\') {
                return NOWHERE;
            }
            at++;
        }
        return from;
    }

    private @Nullable Boolean flag(String word, boolean value) {
        if (!text.startsWith(word, at)) {
            return null;
        }
        at += word.length();
        return value;
    }

    private @Nullable Long integer() {
        int from = at;
        long value = 0;
        for (char c = next(); c >= '0' && c <= '9' && at - from <= DIGITS_MAX; c = next()) {
            value = value * TEN + (c - '0');
            at++;
        }
        int digits = at - from;
        boolean isWhole = digits > 0 && digits <= DIGITS_MAX && (digits == 1 || text.charAt(from) != '0');
        return isWhole ? value : null;
    }
}
