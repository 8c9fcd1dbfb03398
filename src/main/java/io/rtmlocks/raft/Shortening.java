// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.log.RaftLog;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.log.SnapshotEntry;
import io.rtmlocks.wire.SnapshotPart;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Keeps the log of a replica short: a snapshot takes the place of what has been applied when that is many entries, or large ones. The
 * last before it are kept for who is a little behind. All replicas do so at the same entries, whoever leads.
 *
 * <p>MicroRaft 0.7 counts entries alone, and a follower keeps a tenth of that number behind each of its snapshots, however large they
 * are. Of two snapshots that are closer to each other, the second would bring back, as holes, what the first let go. So MicroRaft takes
 * none: whenever it is about to, it finds one of that entry already.
 */
final class Shortening {

    private static final int KEPT_PART_OF_BYTES = 4;

    private final RaftNodeImpl node;
    private final RaftSettings settings;
    private final Supplier<List<SnapshotPart>> content;
    private final int entriesKeptMax;
    private long bytes;

    /** @param content what has been applied, in pieces */
    Shortening(RaftNodeImpl node, RaftSettings settings, Supplier<List<SnapshotPart>> content) {
        this.node = node;
        this.settings = settings;
        this.content = content;
        this.entriesKeptMax = RaftLog.getMaxLogEntryCountToKeepAfterSnapshot(settings.snapshotEveryEntries());
    }

    /** The entry has been applied, and no later one. */
    void onApplied(long index, int entryBytes) {
        bytes += entryBytes;
        if (bytes >= settings.snapshotEveryBytes() || index % settings.snapshotEveryEntries() == 0) {
            RaftLog log = node.state().log();
            log.setSnapshot(snapshot(log.getLogEntry(index)), lastLetGo(log, index));
            bytes = 0;
        }
    }

    /** The log begins with a snapshot of the leader. */
    void onInstalled() {
        bytes = 0;
    }

    private SnapshotEntry snapshot(LogEntry last) {
        RaftGroupMembersView members =
                node.state().committedGroupMembers().populate(RaftModelCodec.MODEL.createRaftGroupMembersViewBuilder());
        List<SnapshotPart> parts = content.get();
        List<SnapshotChunk> chunks = new ArrayList<>();
        for (SnapshotPart part : parts) {
            chunks.add(RaftModelCodec.MODEL
                    .createSnapshotChunkBuilder()
                    .setIndex(last.getIndex())
                    .setTerm(last.getTerm())
                    .setOperation(part)
                    .setSnapshotChunkIndex(chunks.size())
                    .setSnapshotChunkCount(parts.size())
                    .setGroupMembersView(members)
                    .build());
        }
        return RaftModelCodec.MODEL
                .createSnapshotEntryBuilder()
                .setIndex(last.getIndex())
                .setTerm(last.getTerm())
                .setSnapshotChunks(chunks)
                .setGroupMembersView(members)
                .build();
    }

    /** @return the last entry that need not be kept behind the snapshot of this one */
    private long lastLetGo(RaftLog log, long snapshotIndex) {
        long index = snapshotIndex;
        long left = settings.snapshotEveryBytes() / KEPT_PART_OF_BYTES;
        while (snapshotIndex - index < entriesKeptMax && log.containsLogEntry(index)) {
            left -= log.getLogEntry(index).getOperation() instanceof Batch batch ? batch.bytes() : 0;
            if (left < 0) {
                break;
            }
            index--;
        }
        return index;
    }
}
