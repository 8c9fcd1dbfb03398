// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftRole;
import io.microraft.report.RaftNodeReport;

/**
 * How far the other replicas are behind their leader.
 *
 * @param replicas that lack entries that are committed
 * @param entriesMax how many the one lacks that is furthest behind
 */
record Lag(int replicas, long entriesMax) {
    static final Lag NONE = new Lag(0, 0);

    /** As the leader sees it; others know nothing. */
    static Lag of(RaftNodeReport report) {
        if (report.getRole() != RaftRole.LEADER) {
            return NONE;
        }
        long committed = report.getLog().getCommitIndex();
        int replicas = 0;
        long entriesMax = 0;
        for (long match : report.getLog().getFollowerMatchIndices().values()) {
            replicas += match < committed ? 1 : 0;
            entriesMax = Math.max(entriesMax, committed - match);
        }
        return new Lag(replicas, entriesMax);
    }
}
