// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

/** A name in which {@code *} stands for any characters, none included. Takes time in proportion to both lengths at worst. */
record Glob(String pattern) {
    static final Glob ANY = new Glob("*");

    boolean matchesAll() {
        return !pattern.isEmpty() && pattern.chars().allMatch(c -> c == '*');
    }

    boolean matches(String name) {
        int p = 0;
        int n = 0;
        int afterStar = -1;
        int retryFrom = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                afterStar = ++p;
                retryFrom = n;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
                p++;
                n++;
            } else if (afterStar >= 0) {
                p = afterStar;
                n = ++retryFrom;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
