// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

/** Which names are legal for users, channels and locks (PROTOCOL.md §3). */
public final class Names {

    /** The longest legal name. */
    public static final int LENGTH_MAX = 64;

    private static final String PUNCTUATION = " !#$%&()+,-:;<=>?@[]^_`{|}~";
    private static final boolean[] LEGAL = new boolean[128];

    static {
        for (char c = 0; c < LEGAL.length; c++) {
            LEGAL[c] = isLetterOrDigit(c) || PUNCTUATION.indexOf(c) >= 0;
        }
    }

    private Names() {}

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    public static boolean isLegal(String name) {
        if (name.isEmpty() || name.length() > LENGTH_MAX || name.charAt(0) == '_') {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= LEGAL.length || !LEGAL[c]) {
                return false;
            }
        }
        return true;
    }
}
