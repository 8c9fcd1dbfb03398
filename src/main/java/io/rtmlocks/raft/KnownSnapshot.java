// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.impl.RaftNodeImpl;
import io.microraft.model.message.InstallSnapshotRequest;

/**
 * The offer of a snapshot to a replica that has gone on behind it already: MicroRaft 0.7 answers only one that has come just as far.
 *
 * <p>Without an answer the leader makes the same offer for ever. It makes one when an answer of a former term reaches it late: it
 * takes it for the present state of that replica.
 */
final class KnownSnapshot {

    private KnownSnapshot() {}

    /** @return the same offer, or that of a snapshot at what is committed here: every leader has that too, so it may know */
    static InstallSnapshotRequest heardBy(RaftNodeImpl node, InstallSnapshotRequest request) {
        long commitIndex = node.state().commitIndex();
        if (request.getSnapshotIndex() >= commitIndex) {
            return request;
        }
        return RaftModelCodec.MODEL
                .createInstallSnapshotRequestBuilder()
                .setGroupId(request.getGroupId())
                .setSender(request.getSender())
                .setTerm(request.getTerm())
                .setSenderLeader(request.isSenderLeader())
                .setSnapshotTerm(request.getSnapshotTerm())
                .setSnapshotIndex(commitIndex)
                .setTotalSnapshotChunkCount(request.getTotalSnapshotChunkCount())
                .setSnapshotChunk(request.getSnapshotChunk())
                .setSnapshottedMembers(request.getSnapshottedMembers())
                .setGroupMembersView(request.getGroupMembersView())
                .setQuerySequenceNumber(request.getQuerySequenceNumber())
                .setFlowControlSequenceNumber(request.getFlowControlSequenceNumber())
                .build();
    }
}
