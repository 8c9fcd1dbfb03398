// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import java.util.Map;

/**
 * One lock event as one subscriber saw it.
 *
 * @param subscription a subscriber's connection: what it sees there is one sequence for each channel
 * @param type as on the wire
 * @param token 0 when the event has none
 * @param snapshot what a {@code SNAPSHOT} shows of each lock of the channel; else empty
 */
public record Sighting(
        String subscription,
        String channel,
        String type,
        long seq,
        String lock,
        String owner,
        long token,
        Map<String, Held> snapshot) {

    public static final String SNAPSHOT = "SNAPSHOT";

    /** The owner of a lock; empty and 0 when it is free. */
    public record Held(String owner, long token) {}

    boolean isSnapshot() {
        return type.equals(SNAPSHOT);
    }
}
