// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftEndpoint;
import io.microraft.RaftRole;
import io.microraft.report.RaftNodeReport;
import io.microraft.report.RaftNodeReport.RaftNodeReportReason;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * A leader's look at voters that answer, and for long do not come on.
 *
 * <p>Whatever keeps such a voter ({@link AfterSnapshot} is about what is known to), it has to start again as another endpoint.
 * Only a leader can say so: it knows that the others have everything, so that nothing is lost with the laggard's memory, and
 * that its answers do arrive.
 */
final class LaggardWatch {

    /** Who answers less often than that is not stuck, but cut off, or was stopped. */
    private static final int ANSWERS_IN_STUCK_TIME_MIN = 8;

    private final LongSupplier clock;
    private final long stuckAfter;
    private final Consumer<Endpoint> stuck;
    private final Map<RaftEndpoint, Progress> followers = new HashMap<>();

    /** How far a voter was, and since when. */
    private record Progress(long matchIndex, long since) {}

    /**
     * @param clock the one by which the reports tell times
     * @param stuckAfter how long a voter may stand still, by that clock
     */
    LaggardWatch(LongSupplier clock, long stuckAfter, Consumer<Endpoint> stuck) {
        this.clock = clock;
        this.stuckAfter = stuckAfter;
        this.stuck = stuck;
    }

    void onReport(RaftNodeReport report) {
        if (report.getRole() != RaftRole.LEADER) {
            followers.clear();
        } else if (report.getReason() == RaftNodeReportReason.PERIODIC) {
            Collection<RaftEndpoint> voters = report.getCommittedMembers().getVotingMembers();
            voters.stream().filter(each -> !each.equals(report.getEndpoint())).forEach(each -> look(each, report));
        }
    }

    private void look(RaftEndpoint voter, RaftNodeReport report) {
        long now = clock.getAsLong();
        long match = matchIndex(voter, report);
        long answered = report.getHeartbeatTimestamps().getOrDefault(voter, 0L);
        Progress before = followers.get(voter);
        boolean isCutOff = now - answered > stuckAfter / ANSWERS_IN_STUCK_TIME_MIN;
        if (before == null || match > before.matchIndex || !isBehind(match, report) || isCutOff) {
            followers.put(voter, new Progress(match, now));
        } else if (now - before.since > stuckAfter && areOthersUpToDate(voter, report)) {
            followers.remove(voter);
            stuck.accept((Endpoint) voter);
        }
    }

    private static long matchIndex(RaftEndpoint voter, RaftNodeReport report) {
        return report.getLog().getFollowerMatchIndices().getOrDefault(voter, 0L);
    }

    private static boolean isBehind(long match, RaftNodeReport report) {
        return match < report.getLog().getCommitIndex();
    }

    private boolean areOthersUpToDate(RaftEndpoint laggard, RaftNodeReport report) {
        return report.getCommittedMembers().getVotingMembers().stream()
                .filter(each -> !each.equals(laggard) && !each.equals(report.getEndpoint()))
                .allMatch(each -> !isBehind(matchIndex(each, report), report));
    }
}
