// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftEndpoint;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.state.FollowerState;
import io.microraft.impl.state.RaftGroupMembersState;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.RaftMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Which followers of a leader get entries a little later, many in one message: those without which there is a majority.
 *
 * <p>The one on the node of the asking client goes first, since it can answer ({@link MajorityOfTwo}). Else who has to wait goes first
 * from then on if the entries are not committed by the end of the wait: another follower does not answer, or not soon. Whoever is behind is
 * not kept waiting, and goes before nobody.
 */
final class SparedFollowers {

    /** The wait: half to one and a half of it, all shards of a node at once. Of 10 ms, timers took what messages had left. */
    private static final long STEP_MILLIS = 40;

    private final RaftNodeImpl node;
    private final PacedExecutor executor;
    private final int shard;
    private final BiPredicate<Endpoint, String> isBeside;
    private long membersIndex = -1;
    private List<RaftEndpoint> voters = List.of();

    /**
     * @param shard different shards spare different followers
     * @param isBeside whether a replica is on the node of that gateway
     */
    SparedFollowers(RaftNodeImpl node, PacedExecutor executor, int shard, BiPredicate<Endpoint, String> isBeside) {
        this.node = node;
        this.executor = executor;
        this.shard = shard;
        this.isBeside = isBeside;
    }

    /** Sends the message, now or later. */
    void send(RaftEndpoint target, RaftMessage message, Runnable sending) {
        if (message instanceof AppendEntriesRequest request
                && !request.getLogEntries().isEmpty()
                && lastIndex(request) == node.state().log().lastLogOrSnapshotIndex()
                && isSpared(target, gatewayOf(request))) {
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

    private static String gatewayOf(AppendEntriesRequest request) {
        Object operation = request.getLogEntries().get(0).getOperation();
        return operation instanceof Batch batch && !batch.proposals().isEmpty()
                ? batch.proposals().get(0).gateway()
                : "";
    }

    /** Whether there are enough that go before this follower. The first to know that clients have what they ask for is beside them. */
    private boolean isSpared(RaftEndpoint follower, String gateway) {
        List<RaftEndpoint> inOrder = new ArrayList<>(voters());
        inOrder.sort(Comparator.comparing(each -> !isBeside.test((Endpoint) each, gateway)));
        long before = inOrder.stream()
                .takeWhile(each -> !each.equals(follower))
                .filter(this::isUpToDate)
                .count();
        return inOrder.contains(follower) && before >= node.state().logReplicationQuorumSize() - 1;
    }

    private boolean isUpToDate(RaftEndpoint follower) {
        FollowerState known = node.state().leaderState().getFollowerStateOrNull(follower);
        return known != null && known.matchIndex() >= node.state().commitIndex();
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
