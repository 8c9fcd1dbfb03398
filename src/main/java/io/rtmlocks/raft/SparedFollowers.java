// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftEndpoint;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.state.RaftGroupMembersState;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.RaftMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Which followers of a leader get entries a little later, many in one message: those without which there is a majority.
 *
 * <p>Who has to wait goes first from then on if the entries are not committed by the end of the wait: another follower does not answer,
 * or not soon. Whoever is behind is not kept waiting.
 */
final class SparedFollowers {

    /** The wait: half to one and a half of it, all shards of a node at once. Of 10 ms, timers took what messages had left. */
    private static final long STEP_MILLIS = 40;

    private final RaftNodeImpl node;
    private final PacedExecutor executor;
    private final int shard;
    private long membersIndex = -1;
    private List<RaftEndpoint> voters = List.of();

    /** @param shard different shards spare different followers */
    SparedFollowers(RaftNodeImpl node, PacedExecutor executor, int shard) {
        this.node = node;
        this.executor = executor;
        this.shard = shard;
    }

    /** Sends the message, now or later. */
    void send(RaftEndpoint target, RaftMessage message, Runnable sending) {
        if (message instanceof AppendEntriesRequest request
                && !request.getLogEntries().isEmpty()
                && lastIndex(request) == node.state().log().lastLogOrSnapshotIndex()
                && isSpared(target)) {
            executor.inStep(STEP_MILLIS, () -> {
                sending.run();
                if (node.state().commitIndex() < lastIndex(request)) {
                    goesFirst(target);
                }
            });
        } else {
            sending.run();
        }
    }

    private static long lastIndex(AppendEntriesRequest request) {
        List<LogEntry> entries = request.getLogEntries();
        return entries.get(entries.size() - 1).getIndex();
    }

    private boolean isSpared(RaftEndpoint follower) {
        return voters().indexOf(follower) >= node.state().logReplicationQuorumSize() - 1;
    }

    /** Entries for this follower do not wait until another one goes first. */
    void goesFirst(RaftEndpoint follower) {
        if (voters().remove(follower)) {
            voters.add(0, follower);
        }
    }

    private List<RaftEndpoint> voters() {
        RaftGroupMembersState members = node.state().effectiveGroupMembers();
        if (members.getLogIndex() != membersIndex) {
            membersIndex = members.getLogIndex();
            voters = new ArrayList<>(members.remoteVotingMembers());
            Collections.rotate(voters, shard);
        }
        return voters;
    }
}
