// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.impl.RaftNodeImpl;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.InstallSnapshotRequest;
import io.microraft.model.message.RaftMessage;
import java.util.List;

/**
 * The offer of a snapshot to a replica that has all that is in it: a leader makes it when an answer of a former term reaches it
 * late, or when it does not know yet how far that replica is.
 *
 * <pre>
 * the replica has                                     | what MicroRaft 0.7 does           | what it is told instead
 * ----------------------------------------------------+-----------------------------------+----------------------------------
 * committed more                                      | gives no answer, for ever         | a snapshot of what is committed
 * committed less, but in its log the snapshot's entry | takes it, and forgets that in the | that all up to this entry is
 *                                                     | entries behind may be new members | committed
 * </pre>
 */
final class KnownSnapshot {

    private KnownSnapshot() {}

    /** @return what the node is to make of the message, which is another one if it is such an offer */
    static RaftMessage heardBy(RaftNodeImpl node, RaftMessage message) {
        return message instanceof InstallSnapshotRequest offer ? heardBy(node, offer) : message;
    }

    private static RaftMessage heardBy(RaftNodeImpl node, InstallSnapshotRequest offer) {
        long committed = node.state().commitIndex();
        if (offer.getSnapshotIndex() <= committed) {
            return at(committed, offer);
        }
        LogEntry own = node.state().log().getLogEntry(offer.getSnapshotIndex());
        boolean isInLog = own != null && own.getTerm() == offer.getSnapshotTerm();
        return isInLog ? isCommitted(offer) : offer;
    }

    /** It is answered and nothing more: every leader has all that is committed. */
    private static InstallSnapshotRequest at(long index, InstallSnapshotRequest offer) {
        return RaftModelCodec.MODEL
                .createInstallSnapshotRequestBuilder()
                .setGroupId(offer.getGroupId())
                .setSender(offer.getSender())
                .setTerm(offer.getTerm())
                .setSenderLeader(offer.isSenderLeader())
                .setSnapshotTerm(offer.getSnapshotTerm())
                .setSnapshotIndex(index)
                .setTotalSnapshotChunkCount(offer.getTotalSnapshotChunkCount())
                .setSnapshotChunk(offer.getSnapshotChunk())
                .setSnapshottedMembers(offer.getSnapshottedMembers())
                .setGroupMembersView(offer.getGroupMembersView())
                .setQuerySequenceNumber(offer.getQuerySequenceNumber())
                .setFlowControlSequenceNumber(offer.getFlowControlSequenceNumber())
                .build();
    }

    /** Logs with an entry of the same index and term are equal up to it. */
    private static RaftMessage isCommitted(InstallSnapshotRequest offer) {
        return RaftModelCodec.MODEL
                .createAppendEntriesRequestBuilder()
                .setGroupId(offer.getGroupId())
                .setSender(offer.getSender())
                .setTerm(offer.getTerm())
                .setPreviousLogIndex(offer.getSnapshotIndex())
                .setPreviousLogTerm(offer.getSnapshotTerm())
                .setCommitIndex(offer.getSnapshotIndex())
                .setLogEntries(List.of())
                .setQuerySequenceNumber(offer.getQuerySequenceNumber())
                .setFlowControlSequenceNumber(offer.getFlowControlSequenceNumber())
                .build();
    }
}
