// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.rtmlocks.shard.ShardClock;
import java.util.Random;
import java.util.function.LongSupplier;

/**
 * What a {@link RaftLog} gets from outside.
 *
 * @param clock by which a leader stamps its commands
 * @param monotonicMillis by which elections and heartbeats run; goes on while the process stands still
 * @param random for the noise in election time-outs
 */
public record RaftPorts(
        ShardExecutor executor,
        RaftTransport transport,
        ShardClock clock,
        LongSupplier monotonicMillis,
        Random random) {}
