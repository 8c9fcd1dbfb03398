// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.util.List;

/**
 * The bounds and times of a gateway.
 *
 * @param node the name clients are told
 * @param allowedOrigins pages of other origins that may connect; {@code "loopback"} stands for any on this machine
 * @param acquirePerSecond acquireLock requests of one session, 0 for no bound
 * @param opsPerSecond other lock requests of one session, 0 for no bound
 * @param takenWithinMs after which a request that no shard has taken is answered that it did not happen
 * @param resumeSecret signs what a client shows to come back; the same on all nodes
 * @param answerWithinMs after which a request that does not wait is answered that its outcome is unknown
 */
public record GatewaySettings(
        String node,
        String host,
        int port,
        List<String> allowedOrigins,
        int shards,
        int frameBytesMax,
        int heartbeatMs,
        int offlineAfterMs,
        int leaveGraceMs,
        int rememberedMs,
        int loginWithinMs,
        int takenWithinMs,
        int answerWithinMs,
        int acquirePerSecond,
        int opsPerSecond,
        int subscriptionsPerSession,
        int inFlightPerSession,
        int badFramesPerMinute,
        int refusalsInARow,
        int queuedBytesPerConnection,
        int connections,
        String resumeSecret) {

    /** In {@link #allowedOrigins}: every page that was loaded from this machine. */
    public static final String LOOPBACK = "loopback";

    public GatewaySettings {
        allowedOrigins = List.copyOf(allowedOrigins);
    }
}
