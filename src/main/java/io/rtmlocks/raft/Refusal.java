// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftEndpoint;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.state.FollowerState;
import io.microraft.impl.state.LeaderState;
import io.microraft.model.message.AppendEntriesFailureResponse;

/**
 * A follower's answer to entries that do not follow on its own, with the index up to which its log is certainly the leader's.
 *
 * <p>MicroRaft 0.7 goes back by one entry after each refusal: a new replica of a log of 20,000 entries would be asked 20,000
 * times. What is committed is equal on all, so the leader goes on from there.
 *
 * <p>A refusal that comes after the follower has taken those entries, sent again, is outdated. MicroRaft changes nothing then, but
 * takes it for an error of the follower, and logs it.
 *
 * @param commitIndex of the follower
 */
record Refusal(AppendEntriesFailureResponse refused, long commitIndex) implements AppendEntriesFailureResponse {

    /** Sets the leader's mark back; the node takes the last step by itself, and asks again. */
    Refusal heardBy(RaftNodeImpl node) {
        LeaderState leader = node.state().leaderState();
        FollowerState follower = leader == null ? null : leader.getFollowerStateOrNull(getSender());
        if (follower == null || getExpectedNextIndex() != follower.nextIndex()) {
            return this;
        }
        long oneBehind = Math.max(commitIndex, follower.matchIndex()) + 2;
        if (getExpectedNextIndex() - 1 <= follower.matchIndex()) {
            return expecting(follower.matchIndex());
        }
        if (oneBehind >= follower.nextIndex()) {
            return this;
        }
        follower.nextIndex(oneBehind);
        return expecting(oneBehind);
    }

    /** The same but for the index: one at which the leader's mark is, or another, so that it does not move. */
    private Refusal expecting(long nextIndex) {
        return new Refusal(
                RaftModelCodec.MODEL
                        .createAppendEntriesFailureResponseBuilder()
                        .setGroupId(getGroupId())
                        .setSender(getSender())
                        .setTerm(getTerm())
                        .setExpectedNextIndex(nextIndex)
                        .setQuerySequenceNumber(getQuerySequenceNumber())
                        .setFlowControlSequenceNumber(getFlowControlSequenceNumber())
                        .build(),
                commitIndex);
    }

    @Override
    public Object getGroupId() {
        return refused.getGroupId();
    }

    @Override
    public RaftEndpoint getSender() {
        return refused.getSender();
    }

    @Override
    public int getTerm() {
        return refused.getTerm();
    }

    @Override
    public long getExpectedNextIndex() {
        return refused.getExpectedNextIndex();
    }

    @Override
    public long getQuerySequenceNumber() {
        return refused.getQuerySequenceNumber();
    }

    @Override
    public long getFlowControlSequenceNumber() {
        return refused.getFlowControlSequenceNumber();
    }
}
