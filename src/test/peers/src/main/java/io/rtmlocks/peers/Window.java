// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/** One measured stretch of work of one kind. It ends by itself; when a client hangs it fails with a {@link TimeoutException}. */
interface Window {
    int HANG_MILLIS = 30_000;

    Figures run(Peer peer) throws InterruptedException, TimeoutException;

    /** From a line such as {@code pairs clients=64 inflight=1 seconds=2.5}; an unknown word is an {@link IllegalArgumentException}. */
    static Window parse(String line) {
        String[] words = line.trim().split("\\s+");
        Map<String, String> values = new TreeMap<>();
        for (int i = 1; i < words.length; i++) {
            String[] pair = words[i].split("=", 2);
            if (pair.length != 2) {
                throw new IllegalArgumentException("expected name=number: " + words[i]);
            }
            values.put(pair[0], pair[1]);
        }
        Duration time = seconds(values);
        values.remove("seconds");
        Window window = switch (words[0]) {
            case "pairs" -> new PairsWindow(count(values, "clients", 1), count(values, "inflight", 1), time);
            case "handoff" -> new HandOffWindow(count(values, "waiters", 8), count(values, "holdMillis", 2), time);
            default -> throw new IllegalArgumentException("unknown window: " + words[0]);
        };
        if (!values.isEmpty()) {
            throw new IllegalArgumentException("unknown: " + values.keySet());
        }
        return window;
    }

    private static int count(Map<String, String> values, String name, int otherwise) {
        String value = values.remove(name);
        return value == null ? otherwise : Integer.parseInt(value);
    }

    private static Duration seconds(Map<String, String> values) {
        return Duration.ofMillis(Math.round(1000 * Double.parseDouble(values.getOrDefault("seconds", "5"))));
    }
}
