// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.MembershipChangeMode;
import io.microraft.RaftEndpoint;
import io.microraft.model.RaftModelFactory;
import io.microraft.model.groupop.UpdateRaftGroupMembersOp;
import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.rtmlocks.wire.BadMessageException;
import io.rtmlocks.wire.BinaryReader;
import io.rtmlocks.wire.BinaryWriter;
import io.rtmlocks.wire.OneOf;
import io.rtmlocks.wire.SnapshotPart;

/** What messages between replicas are made of, in binary: entries, members and pieces of snapshots. */
final class RaftModelCodec {

    static final RaftModelFactory MODEL = new DefaultRaftModelFactory();

    private static final MembershipChangeMode[] MODES = MembershipChangeMode.values();

    private static final OneOf<Object> OPERATIONS = new OneOf<Object>()
            .with(1, Batch.class, Batch::write, Batch::read)
            .with(2, UpdateRaftGroupMembersOp.class, RaftModelCodec::change, RaftModelCodec::change);

    private RaftModelCodec() {}

    static int count(BinaryReader in) throws BadMessageException {
        return in.number(0, Integer.MAX_VALUE);
    }

    static long index(BinaryReader in) throws BadMessageException {
        long index = in.number();
        if (index < 0) {
            throw new BadMessageException("an index below zero: " + index);
        }
        return index;
    }

    static void endpoint(BinaryWriter out, RaftEndpoint endpoint) {
        Endpoint known = (Endpoint) endpoint;
        out.text(known.node()).text(known.incarnation());
    }

    static RaftEndpoint endpoint(BinaryReader in) throws BadMessageException {
        return new Endpoint(in.text(), in.text());
    }

    static void entry(BinaryWriter out, LogEntry entry) {
        out.number(entry.getIndex()).number(entry.getTerm()).one(entry.getOperation(), OPERATIONS::write);
    }

    static LogEntry entry(BinaryReader in) throws BadMessageException {
        return MODEL.createLogEntryBuilder()
                .setIndex(index(in))
                .setTerm(count(in))
                .setOperation(OPERATIONS.read(in))
                .build();
    }

    private static void change(BinaryWriter out, UpdateRaftGroupMembersOp change) {
        out.list(change.getMembers(), RaftModelCodec::endpoint);
        out.list(change.getVotingMembers(), RaftModelCodec::endpoint);
        out.one(change.getEndpoint(), RaftModelCodec::endpoint).word(change.getMode());
    }

    private static UpdateRaftGroupMembersOp change(BinaryReader in) throws BadMessageException {
        return MODEL.createUpdateRaftGroupMembersOpBuilder()
                .setMembers(in.list(RaftModelCodec::endpoint))
                .setVotingMembers(in.list(RaftModelCodec::endpoint))
                .setEndpoint(endpoint(in))
                .setMode(in.word(MODES))
                .build();
    }

    static void view(BinaryWriter out, RaftGroupMembersView view) {
        out.number(view.getLogIndex()).list(view.getMembers(), RaftModelCodec::endpoint);
        out.list(view.getVotingMembers(), RaftModelCodec::endpoint);
    }

    static RaftGroupMembersView view(BinaryReader in) throws BadMessageException {
        return MODEL.createRaftGroupMembersViewBuilder()
                .setLogIndex(index(in))
                .setMembers(in.list(RaftModelCodec::endpoint))
                .setVotingMembers(in.list(RaftModelCodec::endpoint))
                .build();
    }

    static void chunk(BinaryWriter out, SnapshotChunk chunk) {
        out.number(chunk.getIndex()).number(chunk.getTerm()).bytes(((SnapshotPart) chunk.getOperation()).bytes());
        out.number(chunk.getSnapshotChunkIndex()).number(chunk.getSnapshotChunkCount());
        out.one(chunk.getGroupMembersView(), RaftModelCodec::view);
    }

    static SnapshotChunk chunk(BinaryReader in) throws BadMessageException {
        return MODEL.createSnapshotChunkBuilder()
                .setIndex(index(in))
                .setTerm(count(in))
                .setOperation(part(in))
                .setSnapshotChunkIndex(count(in))
                .setSnapshotChunkCount(count(in))
                .setGroupMembersView(view(in))
                .build();
    }

    private static SnapshotPart part(BinaryReader in) throws BadMessageException {
        byte[] bytes = in.bytes();
        return () -> bytes;
    }
}
