// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/** One measured stretch of work of one kind. It ends by itself; when a client hangs it fails with a {@link TimeoutException}. */
interface Window {
    int HANG_SECONDS = 30;

    Figures run(Peer peer) throws InterruptedException, TimeoutException;

    /** From a line such as {@code pairs clients=64 inflight=1 seconds=5}; an unknown word is an {@link IllegalArgumentException}. */
    static Window parse(String line) {
        String[] words = line.trim().split("\\s+");
        Map<String, Integer> values = new TreeMap<>();
        for (int i = 1; i < words.length; i++) {
            String[] pair = words[i].split("=", 2);
            if (pair.length != 2) {
                throw new IllegalArgumentException("expected name=number: " + words[i]);
            }
            values.put(pair[0], Integer.valueOf(pair[1]));
        }
        Window window = switch (words[0]) {
            case "pairs" ->
                new PairsWindow(take(values, "clients", 1), take(values, "inflight", 1), take(values, "seconds", 5));
            case "handoff" ->
                new HandOffWindow(
                        take(values, "waiters", 8), take(values, "holdMillis", 2), take(values, "seconds", 5));
            default -> throw new IllegalArgumentException("unknown window: " + words[0]);
        };
        if (!values.isEmpty()) {
            throw new IllegalArgumentException("unknown: " + values.keySet());
        }
        return window;
    }

    private static int take(Map<String, Integer> values, String name, int otherwise) {
        Integer value = values.remove(name);
        return value == null ? otherwise : value;
    }
}
