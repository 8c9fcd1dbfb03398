// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.LinkedHashMap;
import java.util.Map;

/** Short names in scripts: fencing tokens in the order of their appearance, moments since the start, the usual channel. */
final class Naming {

    static final ChannelKey USUAL_CHANNEL = new ChannelKey(ChannelType.MESSAGE, "c");
    static final String USUAL_GATEWAY = "g1";

    private static final long MILLIS_PER_SECOND = 1_000;

    private final Map<Long, String> tokens = new LinkedHashMap<>();
    private final long startUtcMillis;
    private long nowUtcMillis;
    private boolean exactTokens;

    Naming(long startUtcMillis) {
        this.startUtcMillis = startUtcMillis;
    }

    void showTokensExactly() {
        exactTokens = true;
    }

    void now(long utcMillis) {
        nowUtcMillis = utcMillis;
    }

    long nowUtcMillis() {
        return nowUtcMillis;
    }

    boolean isUsual(String name, String value) {
        return (name.equals("channel") && value.equals(USUAL_CHANNEL.name()))
                || (name.equals("channelType")
                        && value.equals(USUAL_CHANNEL.type().name()));
    }

    String token(long token) {
        return token == 0 || exactTokens
                ? String.valueOf(token)
                : tokens.computeIfAbsent(token, any -> "t" + (tokens.size() + 1));
    }

    /** The token that goes by this name; a number is meant as it is. */
    long token(String name) {
        return tokens.entrySet().stream()
                .filter(entry -> entry.getValue().equals(name))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> Long.parseLong(name));
    }

    String moment(long utcMillis) {
        if (utcMillis == 0) {
            return "0";
        }
        long millis = utcMillis - startUtcMillis;
        String sign = millis < 0 ? "" : "+";
        return millis % MILLIS_PER_SECOND == 0 ? sign + millis / MILLIS_PER_SECOND + "s" : sign + millis + "ms";
    }
}
