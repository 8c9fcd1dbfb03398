// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.util.List;

/**
 * The bounds and times of a gateway.
 *
 * @param node the name clients are told
 * @param allowedOrigins pages of other origins that may connect; {@code "loopback"} stands for any on this machine
 * @param metadataBytesMax of the storage of a channel; the same as in the shards
 * @param acquirePerSecond acquireLock requests of one session, 0 for no bound
 * @param opsPerSecond other lock requests of one session, 0 for no bound
 * @param subscriptionsPerUser of all sessions of a user on this node
 * @param bytesPerSecond what one connection may send, 0 for no bound
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
        int metadataBytesMax,
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
        int subscriptionsPerUser,
        int bytesPerSecond,
        Doors doors,
        String resumeSecret) {

    /**
     * What may come in; a rate or a number for an address of 0 is none.
     *
     * @param connections in all; an eighth more is listened to, to be told that there is no room
     * @param handshakeWithinMs for a request, from the connection or the request before
     * @param headBytes of the first line of a request, and of its headers
     */
    public record Doors(
            int connections,
            int connectionsPerAddress,
            int handshakesPerSecond,
            int handshakesPerSecondPerAddress,
            int handshakeWithinMs,
            int headBytes) {}

    /** In {@link #allowedOrigins}: every page that was loaded from this machine. */
    public static final String LOOPBACK = "loopback";

    public GatewaySettings {
        allowedOrigins = List.copyOf(allowedOrigins);
    }
}
