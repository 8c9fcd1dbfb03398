// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.telemetry;

/** Every bound that refuses a client something, as the metric of refusals names them. */
public enum Limit {
    ACQUIRE_PER_SECOND,
    OPS_PER_SECOND,
    IN_FLIGHT_PER_SESSION,
    SUBSCRIPTIONS_PER_SESSION,
    LOCKS_PER_CHANNEL,
    CHANNELS_PER_SHARD,
    WAITERS_PER_LOCK,
    METADATA_BYTES,
    CONNECTIONS,
    FRAME_BYTES,
    QUEUED_BYTES,
    BAD_FRAMES,
    REFUSALS_IN_A_ROW,
    LOGIN_TIME,
    LOCKS_PER_USER,
    WAITERS_PER_USER,
    SUBSCRIPTIONS_PER_USER,
    BYTES_PER_SECOND,
    CONNECTIONS_PER_ADDRESS,
    HANDSHAKES_PER_ADDRESS,
    HANDSHAKES_PER_SECOND,
    HANDSHAKE_TIME
}
