// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftRole;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.report.RaftNodeReport;
import io.microraft.report.RaftNodeReport.RaftNodeReportReason;
import java.util.function.LongSupplier;

/**
 * A leader that is not heard by a majority of the voters does not lead any more: it could commit nothing, and must not say that it can.
 * MicroRaft 0.7 counts learners that answer as if they voted.
 */
final class MajorityWatch {

    private static final long SECOND_MILLIS = 1_000;

    private final RaftNodeImpl node;
    private final PacedExecutor executor;
    private final LongSupplier clock;

    /** @param clock the one by which the reports tell times */
    MajorityWatch(RaftNodeImpl node, PacedExecutor executor, LongSupplier clock) {
        this.node = node;
        this.executor = executor;
        this.clock = clock;
    }

    void onReport(RaftNodeReport report) {
        if (report.getReason() == RaftNodeReportReason.PERIODIC && isAlone(report)) {
            executor.execute(() -> {
                if (node.state().leaderState() != null) {
                    node.toFollower(node.state().term());
                }
            });
        }
    }

    private boolean isAlone(RaftNodeReport report) {
        if (report.getRole() != RaftRole.LEADER) {
            return false;
        }
        long heardSince = clock.getAsLong() - node.getConfig().getLeaderHeartbeatTimeoutSecs() * SECOND_MILLIS;
        long heardBy = node.state().votingMembers().stream()
                .filter(voter -> voter.equals(report.getEndpoint())
                        || report.getHeartbeatTimestamps().getOrDefault(voter, 0L) > heardSince)
                .count();
        return heardBy < node.state().leaderElectionQuorumSize();
    }
}
