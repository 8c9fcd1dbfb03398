// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftNode;
import io.microraft.RaftRole;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.report.RaftNodeReport;
import io.microraft.report.RaftNodeReport.RaftNodeReportReason;

/**
 * Makes a replica that has lost its leader ask for votes, where MicroRaft 0.7 would not.
 *
 * <p>A follower that began to ask for votes, and heard its leader again within the term, still believes that it is asking. When
 * the leader falls silent once more, it does nothing. If its log is the longest, nobody else can be elected either, for ever.
 */
final class SilentLeaderWatch {

    private final RaftNodeImpl node;
    private final PacedExecutor executor;

    SilentLeaderWatch(RaftNode node, PacedExecutor executor) {
        this.node = (RaftNodeImpl) node;
        this.executor = executor;
    }

    void onReport(RaftNodeReport report) {
        if (report.getReason() == RaftNodeReportReason.PERIODIC && mustAsk()) {
            executor.execute(() -> {
                if (mustAsk()) {
                    node.leader(null);
                    node.runPreVote();
                }
            });
        }
    }

    private boolean mustAsk() {
        return node.state().role() == RaftRole.FOLLOWER
                && node.getLeaderEndpoint() != null
                && node.state().preCandidateState() != null
                && node.isLeaderHeartbeatTimeoutElapsed();
    }
}
