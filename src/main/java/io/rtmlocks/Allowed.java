// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.wire.Names;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a setting may be: a test of its text, and the same in words.
 *
 * @param words completes the sentence "it must be …"
 */
record Allowed(String words, Predicate<String> accepts) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern ADDRESS =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern HOST_AND_PORT =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\\[[0-9A-Fa-f:.]+]):([0-9]{1,5})");
    private static final Pattern ORIGIN =
            Pattern.compile("loopback|https?://([a-z0-9][a-z0-9.-]{0,252}|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

    static Allowed text() {
        return new Allowed("a text", value -> true);
    }

    static Allowed whole(long min, long max) {
        return new Allowed("a whole number from " + min + " to " + max, value -> isWhole(value, min, max));
    }

    /** A port to listen on; 0 lets the system choose one. */
    static Allowed port() {
        return whole(0, 65_535);
    }

    /** The same, or empty for one that follows from another setting. */
    static Allowed portOrNone() {
        return new Allowed(
                port().words + ", or empty",
                value -> value.isEmpty() || port().accepts.test(value));
    }

    static Allowed identifier() {
        return new Allowed(
                "1 to 64 of letters, digits, '.', '_' and '-', beginning with a letter or digit", matches(NAME));
    }

    /** Of a user, a channel or a lock (PROTOCOL.md §3). */
    static Allowed name() {
        return new Allowed(
                "1 to " + Names.LENGTH_MAX
                        + " ASCII letters, digits, spaces and any of !#$%&()+,-:;<=>?@[]^_`{|}~, not beginning with _",
                Names::isLegal);
    }

    static Allowed address() {
        return new Allowed("a host name or an IP address to listen on", matches(ADDRESS));
    }

    static Allowed hostAndPort() {
        return new Allowed("host:port", matches(HOST_AND_PORT));
    }

    static Allowed origin() {
        return new Allowed(
                "an origin in lower case such as https://app.example.com or http://localhost:3000, or the word loopback",
                matches(ORIGIN));
    }

    static Allowed oneOf(String... values) {
        return new Allowed(String.join(" or ", values), Arrays.asList(values)::contains);
    }

    static Allowed listOf(Allowed element) {
        return new Allowed(
                "a list, each " + element.words, value -> items(value).stream().allMatch(element.accepts));
    }

    /** The elements of a comma-separated list, without the blanks around them. */
    static List<String> items(String list) {
        return list.isBlank()
                ? List.of()
                : Arrays.stream(list.split(",", -1)).map(String::strip).toList();
    }

    private static boolean isWhole(String value, long min, long max) {
        if (!WHOLE.matcher(value).matches()) {
            return false;
        }
        long number = Long.parseLong(value);
        return number >= min && number <= max;
    }

    private static Predicate<String> matches(Pattern pattern) {
        return value -> pattern.matcher(value).matches();
    }
}
