// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftEndpoint;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.InstallSnapshotRequest;
import io.microraft.model.message.InstallSnapshotResponse;
import io.microraft.model.message.PreVoteRequest;
import io.microraft.model.message.PreVoteResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.model.message.TriggerLeaderElectionRequest;
import io.microraft.model.message.VoteRequest;
import io.microraft.model.message.VoteResponse;
import io.rtmlocks.wire.BadMessageException;
import io.rtmlocks.wire.BinaryReader;
import io.rtmlocks.wire.BinaryWriter;
import io.rtmlocks.wire.OneOf;

/**
 * What replicas of a shard tell each other, in binary. For whom it is, and whether it came undamaged, is known by its
 * {@link ReplicaEnvelope}.
 *
 * <p>Decoding ends with a message or a {@link BadMessageException}, whatever the bytes are. The messages of one shard are
 * told from those of another by their group id, which is the shard's number.
 */
final class RaftMessageCodec {

    /** So that a snapshot cannot claim more pieces than anybody could send. */
    private static final int SNAPSHOT_CHUNKS_MAX = 1_000_000;

    private static final OneOf<RaftMessage> MESSAGES = new OneOf<RaftMessage>()
            .with(1, AppendEntriesRequest.class, RaftMessageCodec::append, RaftMessageCodec::append)
            .with(2, AppendEntriesSuccessResponse.class, RaftMessageCodec::appended, RaftMessageCodec::appended)
            .with(3, Refusal.class, RaftMessageCodec::refused, RaftMessageCodec::refused)
            .with(4, InstallSnapshotRequest.class, RaftMessageCodec::install, RaftMessageCodec::install)
            .with(5, InstallSnapshotResponse.class, RaftMessageCodec::installed, RaftMessageCodec::installed)
            .with(6, PreVoteRequest.class, RaftMessageCodec::preVote, RaftMessageCodec::preVote)
            .with(7, PreVoteResponse.class, RaftMessageCodec::preVoted, RaftMessageCodec::preVoted)
            .with(8, VoteRequest.class, RaftMessageCodec::vote, RaftMessageCodec::vote)
            .with(9, VoteResponse.class, RaftMessageCodec::voted, RaftMessageCodec::voted)
            .with(10, TriggerLeaderElectionRequest.class, RaftMessageCodec::trigger, RaftMessageCodec::trigger);

    private RaftMessageCodec() {}

    static byte[] encode(RaftMessage message) {
        BinaryWriter out = new BinaryWriter();
        MESSAGES.write(out, message);
        return out.toBytes();
    }

    static RaftMessage decode(byte[] message) throws BadMessageException {
        BinaryReader in = new BinaryReader(message);
        RaftMessage decoded = MESSAGES.read(in);
        in.end();
        return decoded;
    }

    /** How every message begins: of which shard, from whom, in which term. */
    private record Head(Object group, RaftEndpoint sender, int term) {
        static BinaryWriter write(BinaryWriter out, RaftMessage message) {
            out.number((Integer) message.getGroupId()).one(message.getSender(), RaftModelCodec::endpoint);
            return out.number(message.getTerm());
        }

        static Head read(BinaryReader in) throws BadMessageException {
            return new Head(RaftModelCodec.count(in), RaftModelCodec.endpoint(in), RaftModelCodec.count(in));
        }
    }

    private static void append(BinaryWriter out, AppendEntriesRequest message) {
        Head.write(out, message)
                .number(message.getPreviousLogTerm())
                .number(message.getPreviousLogIndex())
                .number(message.getCommitIndex())
                .list(message.getLogEntries(), RaftModelCodec::entry)
                .number(message.getQuerySequenceNumber())
                .number(message.getFlowControlSequenceNumber());
    }

    private static AppendEntriesRequest append(BinaryReader in) throws BadMessageException {
        Head head = Head.read(in);
        return RaftModelCodec.MODEL
                .createAppendEntriesRequestBuilder()
                .setGroupId(head.group)
                .setSender(head.sender)
                .setTerm(head.term)
                .setPreviousLogTerm(RaftModelCodec.count(in))
                .setPreviousLogIndex(RaftModelCodec.index(in))
                .setCommitIndex(RaftModelCodec.index(in))
                .setLogEntries(in.list(RaftModelCodec::entry))
                .setQuerySequenceNumber(RaftModelCodec.index(in))
                .setFlowControlSequenceNumber(RaftModelCodec.index(in))
                .build();
    }

    private static void appended(BinaryWriter out, AppendEntriesSuccessResponse message) {
        Head.write(out, message)
                .number(message.getLastLogIndex())
                .number(message.getQuerySequenceNumber())
                .number(message.getFlowControlSequenceNumber());
    }

    private static AppendEntriesSuccessResponse appended(BinaryReader in) throws BadMessageException {
        Head head = Head.read(in);
        return RaftModelCodec.MODEL
                .createAppendEntriesSuccessResponseBuilder()
                .setGroupId(head.group)
                .setSender(head.sender)
                .setTerm(head.term)
                .setLastLogIndex(RaftModelCodec.index(in))
                .setQuerySequenceNumber(RaftModelCodec.index(in))
                .setFlowControlSequenceNumber(RaftModelCodec.index(in))
                .build();
    }

    private static void refused(BinaryWriter out, Refusal message) {
        Head.write(out, message)
                .number(message.getExpectedNextIndex())
                .number(message.getQuerySequenceNumber())
                .number(message.getFlowControlSequenceNumber())
                .number(message.commitIndex());
    }

    private static Refusal refused(BinaryReader in) throws BadMessageException {
        Head head = Head.read(in);
        AppendEntriesFailureResponse refused = RaftModelCodec.MODEL
                .createAppendEntriesFailureResponseBuilder()
                .setGroupId(head.group)
                .setSender(head.sender)
                .setTerm(head.term)
                .setExpectedNextIndex(RaftModelCodec.index(in))
                .setQuerySequenceNumber(RaftModelCodec.index(in))
                .setFlowControlSequenceNumber(RaftModelCodec.index(in))
                .build();
        return new Refusal(refused, RaftModelCodec.index(in));
    }

    private static void install(BinaryWriter out, InstallSnapshotRequest message) {
        Head.write(out, message)
                .flag(message.isSenderLeader())
                .number(message.getSnapshotTerm())
                .number(message.getSnapshotIndex())
                .number(message.getTotalSnapshotChunkCount())
                .optional(message.getSnapshotChunk(), RaftModelCodec::chunk)
                .list(message.getSnapshottedMembers(), RaftModelCodec::endpoint)
                .one(message.getGroupMembersView(), RaftModelCodec::view)
                .number(message.getQuerySequenceNumber())
                .number(message.getFlowControlSequenceNumber());
    }

    private static InstallSnapshotRequest install(BinaryReader in) throws BadMessageException {
        Head head = Head.read(in);
        return RaftModelCodec.MODEL
                .createInstallSnapshotRequestBuilder()
                .setGroupId(head.group)
                .setSender(head.sender)
                .setTerm(head.term)
                .setSenderLeader(in.flag())
                .setSnapshotTerm(RaftModelCodec.count(in))
                .setSnapshotIndex(RaftModelCodec.index(in))
                .setTotalSnapshotChunkCount(in.number(0, SNAPSHOT_CHUNKS_MAX))
                .setSnapshotChunk(in.optional(RaftModelCodec::chunk))
                .setSnapshottedMembers(in.list(RaftModelCodec::endpoint))
                .setGroupMembersView(RaftModelCodec.view(in))
                .setQuerySequenceNumber(RaftModelCodec.index(in))
                .setFlowControlSequenceNumber(RaftModelCodec.index(in))
                .build();
    }

    private static void installed(BinaryWriter out, InstallSnapshotResponse message) {
        Head.write(out, message)
                .number(message.getSnapshotIndex())
                .number(message.getRequestedSnapshotChunkIndex())
                .number(message.getQuerySequenceNumber())
                .number(message.getFlowControlSequenceNumber());
    }

    private static InstallSnapshotResponse installed(BinaryReader in) throws BadMessageException {
        Head head = Head.read(in);
        return RaftModelCodec.MODEL
                .createInstallSnapshotResponseBuilder()
                .setGroupId(head.group)
                .setSender(head.sender)
                .setTerm(head.term)
                .setSnapshotIndex(RaftModelCodec.index(in))
                .setRequestedSnapshotChunkIndex(RaftModelCodec.count(in))
                .setQuerySequenceNumber(RaftModelCodec.index(in))
                .setFlowControlSequenceNumber(RaftModelCodec.index(in))
                .build();
    }

    private static void preVote(BinaryWriter out, PreVoteRequest message) {
        Head.write(out, message).number(message.getLastLogTerm()).number(message.getLastLogIndex());
    }

    private static PreVoteRequest preVote(BinaryReader in) throws BadMessageException {
        Head head = Head.read(in);
        return RaftModelCodec.MODEL
                .createPreVoteRequestBuilder()
                .setGroupId(head.group)
                .setSender(head.sender)
                .setTerm(head.term)
                .setLastLogTerm(RaftModelCodec.count(in))
                .setLastLogIndex(RaftModelCodec.index(in))
                .build();
    }

    private static void preVoted(BinaryWriter out, PreVoteResponse message) {
        Head.write(out, message).flag(message.isGranted());
    }

    private static PreVoteResponse preVoted(BinaryReader in) throws BadMessageException {
        Head head = Head.read(in);
        return RaftModelCodec.MODEL
                .createPreVoteResponseBuilder()
                .setGroupId(head.group)
                .setSender(head.sender)
                .setTerm(head.term)
                .setGranted(in.flag())
                .build();
    }

    private static void vote(BinaryWriter out, VoteRequest message) {
        Head.write(out, message)
                .number(message.getLastLogTerm())
                .number(message.getLastLogIndex())
                .flag(message.isSticky());
    }

    private static VoteRequest vote(BinaryReader in) throws BadMessageException {
        Head head = Head.read(in);
        return RaftModelCodec.MODEL
                .createVoteRequestBuilder()
                .setGroupId(head.group)
                .setSender(head.sender)
                .setTerm(head.term)
                .setLastLogTerm(RaftModelCodec.count(in))
                .setLastLogIndex(RaftModelCodec.index(in))
                .setSticky(in.flag())
                .build();
    }

    private static void voted(BinaryWriter out, VoteResponse message) {
        Head.write(out, message).flag(message.isGranted());
    }

    private static VoteResponse voted(BinaryReader in) throws BadMessageException {
        Head head = Head.read(in);
        return RaftModelCodec.MODEL
                .createVoteResponseBuilder()
                .setGroupId(head.group)
                .setSender(head.sender)
                .setTerm(head.term)
                .setGranted(in.flag())
                .build();
    }

    private static void trigger(BinaryWriter out, TriggerLeaderElectionRequest message) {
        Head.write(out, message).number(message.getLastLogTerm()).number(message.getLastLogIndex());
    }

    private static TriggerLeaderElectionRequest trigger(BinaryReader in) throws BadMessageException {
        Head head = Head.read(in);
        return RaftModelCodec.MODEL
                .createTriggerLeaderElectionRequestBuilder()
                .setGroupId(head.group)
                .setSender(head.sender)
                .setTerm(head.term)
                .setLastLogTerm(RaftModelCodec.count(in))
                .setLastLogIndex(RaftModelCodec.index(in))
                .build();
    }
}
