// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

import java.util.regex.Pattern;

/**
 * The text of a log line. Whatever comes from outside is written so that it stays within its line and its place, and does
 * nothing to a terminal: line breaks, control characters, invisible ones and those that turn the direction of writing are
 * written as escapes.
 */
final class LogText {

    private static final Pattern WORD = Pattern.compile("[\\w.:/@+-]+");

    private final StringBuilder out = new StringBuilder();

    /** Text of ours. */
    LogText raw(String text) {
        out.append(text);
        return this;
    }

    /** Not a number where JSON has none. */
    LogText number(Object value) {
        String text = value.toString();
        return text.startsWith("-I") || text.equals("NaN") || text.startsWith("I") ? quoted(text) : raw(text);
    }

    /** A string of JSON. */
    LogText quoted(String text) {
        out.append('"');
        text.codePoints().forEach(each -> {
            if (each == '"' || each == '\\') {
                out.append('\\');
            }
            append(each);
        });
        out.append('"');
        return this;
    }

    /** The value of a key: quoted when its end would not be seen otherwise. */
    LogText word(String text) {
        return WORD.matcher(text).matches() ? raw(text) : quoted(text);
    }

    /** Text that people read. */
    LogText plain(String text) {
        text.codePoints().forEach(this::append);
        return this;
    }

    private void append(int codePoint) {
        switch (codePoint) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (isHarmless(codePoint)) {
                    out.appendCodePoint(codePoint);
                } else {
                    for (char each : Character.toChars(codePoint)) {
                        out.append("\\u%04x".formatted((int) each));
                    }
                }
            }
        }
    }

    private static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
