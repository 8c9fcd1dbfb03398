// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** One line of what a token allows: these rights on these locks of these channels. */
record Grant(Glob channel, Glob lock, Set<Right> rights) {

    /**
     * Reads {@code PATTERN=OPS}. Neither {@code *} nor {@code /} is legal in a name, and no right has a {@code =} in its word.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static Grant parse(String line) {
        int equals = line.lastIndexOf('=');
        if (equals < 1 || equals == line.length() - 1) {
            throw new IllegalArgumentException("\"" + line + "\" is not PATTERN=OPS");
        }
        String pattern = line.substring(0, equals);
        int slash = pattern.indexOf('/');
        if (slash == 0 || slash == pattern.length() - 1 || slash != pattern.lastIndexOf('/')) {
            throw new IllegalArgumentException("\"" + pattern + "\" is neither channel nor channel/lock");
        }
        Glob channel = new Glob(slash < 0 ? pattern : pattern.substring(0, slash));
        Glob lock = slash < 0 ? Glob.ANY : new Glob(pattern.substring(slash + 1));
        return new Grant(channel, lock, rights(line.substring(equals + 1)));
    }

    boolean allows(Right right, String channelName, String lockName) {
        return rights.contains(right)
                && channel.matches(channelName)
                && (right.isOfChannel() ? lock.matchesAll() : lock.matches(lockName));
    }

    private static Set<Right> rights(String words) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (String word : words.split(",", -1)) {
            if (word.equals("*")) {
                rights.addAll(Arrays.asList(Right.values()));
            } else {
                rights.add(Right.ofWord(word)
                        .orElseThrow(() -> new IllegalArgumentException("\"" + word + "\" is no right")));
            }
        }
        return rights;
    }
}
