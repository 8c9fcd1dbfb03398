// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/**
 * The bounds of a {@link LockTable}. They are part of what its replicas have in common: in force are those of the node that leads.
 *
 * @param ttlDefaultSeconds the ttl of a lock set without one
 * @param locksPerUserMax locks that the sessions of a user own together, in this table, when one of them asks for another
 * @param waitersPerUserMax places in queues that they have together, in this table
 * @param answersPerSessionMax remembered answers of one session; the oldest goes first when there are more
 * @param answerKeptMillis how long an answer is remembered at least
 * @param sessionRememberedMillis how long a session is known after it went offline
 * @param duePerTickMax deadlines one {@link Command.Tick} works off at most
 */
public record Limits(
        int ttlMinSeconds,
        int ttlMaxSeconds,
        int ttlDefaultSeconds,
        int locksPerChannelMax,
        int waitersPerLockMax,
        int locksPerUserMax,
        int waitersPerUserMax,
        int channelsMax,
        int metadataBytesMax,
        int answersPerSessionMax,
        long answerKeptMillis,
        long sessionRememberedMillis,
        int duePerTickMax) {

    /** The numbers of PROTOCOL.md §4.8 and §6. */
    public static final Limits STANDARD =
            new Limits(10, 300, 10, 32, 1_000, 2_000, 2_000, 250_000, 16 * 1024, 2_000, 60_000, 300_000, 1_000);

    /** The ttl in force for one that was asked for: {@code 0} asks for the default. */
    int ttlSeconds(long asked) {
        long wanted = asked == 0 ? ttlDefaultSeconds : asked;
        return (int) Math.max(ttlMinSeconds, Math.min(ttlMaxSeconds, wanted));
    }
}
