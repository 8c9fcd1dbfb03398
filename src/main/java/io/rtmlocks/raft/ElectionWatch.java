// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftRole;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.model.message.PreVoteResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.report.RaftNodeReport;
import io.microraft.report.RaftNodeReport.RaftNodeReportReason;

/**
 * Helps an election to its end where MicroRaft 0.7 would go on without one for ever.
 *
 * <p>A replica that asks for votes in a term that is over is refused, and does not take over the term it is told. When its log
 * is the longest, nobody else can be elected.
 *
 * <p>A follower that began to ask for votes, and heard its leader again within the term, still believes that it is asking. When
 * the leader falls silent once more, it does nothing.
 */
final class ElectionWatch {

    private final RaftNodeImpl node;
    private final PacedExecutor executor;

    ElectionWatch(RaftNodeImpl node, PacedExecutor executor) {
        this.node = node;
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

    /** Takes over the term of one that refused a vote; to know of a later term is always right. */
    void onMessage(RaftMessage message) {
        if (message instanceof PreVoteResponse refusal && isOutdatedBy(refusal)) {
            executor.execute(() -> {
                if (isOutdatedBy(refusal)) {
                    node.toFollower(refusal.getTerm());
                }
            });
        }
    }

    private boolean isOutdatedBy(PreVoteResponse refusal) {
        return !refusal.isGranted()
                && refusal.getTerm() > node.state().term()
                && node.state().role() == RaftRole.FOLLOWER
                && node.getLeaderEndpoint() == null;
    }

    private boolean mustAsk() {
        return node.state().role() == RaftRole.FOLLOWER
                && node.getLeaderEndpoint() != null
                && node.state().preCandidateState() != null
                && node.isLeaderHeartbeatTimeoutElapsed();
    }
}
