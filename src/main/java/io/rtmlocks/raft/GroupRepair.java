// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.MembershipChangeMode;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.RaftNodeStatus;
import io.microraft.RaftRole;
import io.microraft.report.RaftNodeReport;
import java.util.Collection;
import java.util.Map;

/**
 * Replaces the endpoints of dead incarnations, one step at a time, each found anew from the members there are.
 *
 * <pre>
 * found                                                       | step
 * ------------------------------------------------------------+---------------------------------------
 * a member of a former incarnation, the new one unknown       | add the new one as a learner
 * a member of a former incarnation, the new one has caught up | remove the former one
 * a learner that has caught up, and no voter of its node      | promote it
 * </pre>
 *
 * <p>Nobody is removed before the other has caught up: a leader may take for new what is over, and a node of which no endpoint is
 * left would never come back.
 *
 * <p>The dead voter goes before the new one votes: four voters of which one is dead need all others, and if the new one died
 * as well, the two that live would be no majority of four. Of three they are.
 */
final class GroupRepair {

    private final RaftNode node;
    private final int lagMax;
    private Map<String, Endpoint> present = Map.of();

    GroupRepair(RaftNode node, int lagMax) {
        this.node = node;
        this.lagMax = lagMax;
    }

    void onPresent(Map<String, Endpoint> nodes) {
        present = Map.copyOf(nodes);
    }

    /** Takes the next step, if this replica leads and no step is under way. */
    void onReport(RaftNodeReport report) {
        boolean isIdle = report.getReason() == RaftNodeReport.RaftNodeReportReason.PERIODIC
                && report.getRole() == RaftRole.LEADER
                && report.getStatus() == RaftNodeStatus.ACTIVE;
        if (isIdle) {
            step(report);
        }
    }

    private void step(RaftNodeReport report) {
        Collection<RaftEndpoint> members = report.getCommittedMembers().getMembers();
        Collection<RaftEndpoint> voters = report.getCommittedMembers().getVotingMembers();
        for (RaftEndpoint member : members) {
            Endpoint fresh = present.get(nodeOf(member));
            boolean isVoter = voters.contains(member);
            if (fresh != null && !fresh.equals(member)) {
                if (!members.contains(fresh)) {
                    change(fresh, MembershipChangeMode.ADD_LEARNER, report);
                    return;
                }
                if (hasCaughtUp(fresh, report)) {
                    change(member, MembershipChangeMode.REMOVE_MEMBER, report);
                    return;
                }
            } else if (!isVoter && hasCaughtUp(member, report) && !hasVoter(nodeOf(member), voters)) {
                change(member, MembershipChangeMode.ADD_OR_PROMOTE_TO_FOLLOWER, report);
                return;
            }
        }
    }

    private static String nodeOf(RaftEndpoint member) {
        return ((Endpoint) member).node();
    }

    private static boolean hasVoter(String nodeName, Collection<RaftEndpoint> voters) {
        return voters.stream().anyMatch(voter -> nodeOf(voter).equals(nodeName));
    }

    private boolean hasCaughtUp(RaftEndpoint member, RaftNodeReport report) {
        Long match = report.getLog().getFollowerMatchIndices().get(member);
        return match != null && match > 0 && match + lagMax >= report.getLog().getCommitIndex();
    }

    /** What fails is tried again when the next report comes. */
    private void change(RaftEndpoint endpoint, MembershipChangeMode mode, RaftNodeReport report) {
        var unused = node.changeMembership(
                endpoint, mode, report.getCommittedMembers().getLogIndex());
    }
}
