// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.state.RaftGroupMembersState;
import io.microraft.impl.state.RaftState;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.AppendEntriesRequest;
import java.util.List;

/**
 * Entries that are committed as soon as a follower has them: where two replicas are enough, those are the leader who sent them and the
 * follower itself. MicroRaft's followers wait until the leader tells them what it then finds out from their answer.
 *
 * <p>It is the rule by which a leader commits (Ongaro, Consensus, §3.6.2), applied by somebody else who knows as much: the last entry is
 * of the leader's own term, and both vote. While the group's members change, the leader may count others than this replica knows of,
 * so then it waits.
 */
final class MajorityOfTwo {

    private MajorityOfTwo() {}

    /** @return the same request, or one that says that all its entries are committed */
    static AppendEntriesRequest heardBy(RaftNodeImpl node, AppendEntriesRequest request) {
        List<LogEntry> entries = request.getLogEntries();
        if (entries.isEmpty() || !isEnough(node.state(), request)) {
            return request;
        }
        LogEntry last = entries.get(entries.size() - 1);
        boolean isProof = last.getTerm() == request.getTerm()
                && last.getIndex() > request.getCommitIndex()
                && request.getPreviousLogIndex() + entries.size() == last.getIndex()
                && entries.stream().allMatch(each -> each.getOperation() instanceof Batch);
        return isProof
                ? AfterSnapshot.like(request)
                        .setPreviousLogIndex(request.getPreviousLogIndex())
                        .setPreviousLogTerm(request.getPreviousLogTerm())
                        .setLogEntries(entries)
                        .setCommitIndex(last.getIndex())
                        .build()
                : request;
    }

    private static boolean isEnough(RaftState state, AppendEntriesRequest request) {
        RaftGroupMembersState members = state.committedGroupMembers();
        return members.getLogIndex() == state.effectiveGroupMembers().getLogIndex()
                && state.logReplicationQuorumSize() <= 2
                && members.getVotingMembers().contains(state.localEndpoint())
                && members.getVotingMembers().contains(request.getSender());
    }
}
