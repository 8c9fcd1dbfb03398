// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One command of a script, taken apart: words in order, and {@code name=value} options. Each is taken once. */
final class ScriptLine {

    private static final long MILLIS_PER_SECOND = 1_000;

    private final String line;
    private final List<String> words = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();

    ScriptLine(String line) {
        this.line = line;
        for (String part : line.trim().split(" +")) {
            if (part.matches("[a-zA-Z]+=.*")) {
                int equals = part.indexOf('=');
                options.put(part.substring(0, equals), part.substring(equals + 1));
            } else {
                words.add(part);
            }
        }
    }

    @Override
    public String toString() {
        return line;
    }

    /** The next word. */
    String word() {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a word is missing: " + line);
        }
        return words.remove(0);
    }

    /** All words that are left. */
    List<String> rest() {
        List<String> rest = List.copyOf(words);
        words.clear();
        return rest;
    }

    boolean flag(String name) {
        return words.remove(name);
    }

    String option(String name, String otherwise) {
        String value = options.remove(name);
        return value == null ? otherwise : value;
    }

    long number(String name, long otherwise) {
        return Long.parseLong(option(name, String.valueOf(otherwise)));
    }

    /** The rest of the options, for commands with names of their own. */
    Map<String, String> options() {
        Map<String, String> rest = new LinkedHashMap<>(options);
        options.clear();
        return rest;
    }

    /** {@code TYPE:name} or {@code name}, given as {@code in=}. */
    ChannelKey channel() {
        String value = option("in", Naming.USUAL_CHANNEL.name());
        int colon = value.indexOf(':');
        return colon < 0
                ? new ChannelKey(ChannelType.MESSAGE, value)
                : new ChannelKey(ChannelType.valueOf(value.substring(0, colon)), value.substring(colon + 1));
    }

    void expectEnd() {
        if (!words.isEmpty() || !options.isEmpty()) {
            throw new IllegalArgumentException("not understood: " + words + options + " in: " + line);
        }
    }

    /** {@code 500ms}, {@code 10s}, {@code -5m}. */
    static long millis(String duration) {
        String digits = duration.replaceAll("[a-z]+$", "");
        long unit = switch (duration.substring(digits.length())) {
            case "ms" -> 1;
            case "s" -> MILLIS_PER_SECOND;
            case "m" -> 60 * MILLIS_PER_SECOND;
            case "h" -> 3600 * MILLIS_PER_SECOND;
            default -> throw new IllegalArgumentException("no unit of time: " + duration);
        };
        return Long.parseLong(digits) * unit;
    }
}
