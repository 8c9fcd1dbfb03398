// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftConfig;

/**
 * The bounds of a {@link RaftLog}. All replicas of a shard run with the same ones.
 *
 * @param speed how much faster than time the protocol runs, whose periods are whole seconds: 4 makes them 250 ms
 * @param pendingCommandsMax commands taken and not applied yet; more are refused
 * @param batchCommandsMax commands in one entry of the log
 * @param batchBytesMax size from which on an entry takes no further command
 * @param entriesInMessageMax entries sent to a replica at once
 * @param snapshotEveryEntries entries between two snapshots at most; the log keeps about as many
 * @param snapshotEveryBytes size of entries from which on a snapshot is taken before there are so many; of those before it, the log keeps
 *     a quarter of that
 * @param snapshotChunkBytes size from which on a piece of a snapshot takes nothing more
 * @param learnerLagEntriesMax how far a new replica may be behind when it becomes a voter
 * @param stuckMillis how long a voter may answer its leader and not come on
 */
public record RaftSettings(
        int speed,
        int pendingCommandsMax,
        int batchCommandsMax,
        int batchBytesMax,
        int entriesInMessageMax,
        int snapshotEveryEntries,
        int snapshotEveryBytes,
        int snapshotChunkBytes,
        int learnerLagEntriesMax,
        long stuckMillis) {

    public static final RaftSettings STANDARD =
            new RaftSettings(4, 20_000, 500, 64 * 1024, 64, 2_000, 4 * 1024 * 1024, 128 * 1024, 100, 30_000);

    private static final int ELECTION_TIMEOUT_MILLIS = 1_000;
    private static final int HEARTBEAT_PERIOD_SECONDS = 1;
    private static final int HEARTBEAT_TIMEOUT_SECONDS = 3;
    private static final int REPORT_PERIOD_SECONDS = 2;

    RaftConfig config() {
        return RaftConfig.newBuilder()
                .setLeaderElectionTimeoutMillis(ELECTION_TIMEOUT_MILLIS)
                .setLeaderHeartbeatPeriodSecs(HEARTBEAT_PERIOD_SECONDS)
                .setLeaderHeartbeatTimeoutSecs(HEARTBEAT_TIMEOUT_SECONDS)
                .setRaftNodeReportPublishPeriodSecs(REPORT_PERIOD_SECONDS)
                .setAppendEntriesRequestBatchSize(entriesInMessageMax)
                .setMaxPendingLogEntryCount(pendingCommandsMax)
                .setCommitCountToTakeSnapshot(snapshotEveryEntries)
                // A replica that loses its leader while it asks followers for pieces never asks for the rest.
                .setTransferSnapshotsFromFollowersEnabled(false)
                .build();
    }
}
