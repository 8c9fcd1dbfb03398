// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.log.RaftLog;
import io.microraft.model.log.BaseLogEntry;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesRequest.AppendEntriesRequestBuilder;
import java.util.List;

/**
 * Entries that follow on the snapshot of a log, or begin before it, as MicroRaft 0.7 takes them also when the log goes on behind its
 * snapshot.
 *
 * <p>It looks for the entry before them in the log, not in the snapshot, and refuses them for ever: after an answer that was
 * lost, or after this replica led a term in which it reached nobody. But what is committed is equal on all.
 */
final class AfterSnapshot {

    private AfterSnapshot() {}

    /** @return the same request, or one without the entries that the log has already */
    static AppendEntriesRequest heardBy(RaftNodeImpl node, AppendEntriesRequest request) {
        RaftLog log = node.state().log();
        return heardBy(log, notBefore(node.state().commitIndex(), log, request));
    }

    /** Entries that this replica committed before the leader heard so are left out. */
    private static AppendEntriesRequest notBefore(long committed, RaftLog log, AppendEntriesRequest request) {
        if (request.getPreviousLogIndex() >= committed) {
            return request;
        }
        List<LogEntry> rest = request.getLogEntries().stream()
                .filter(each -> each.getIndex() > committed)
                .toList();
        boolean isLast = committed == log.snapshotIndex();
        if (isLast && rest.isEmpty()) {
            return request;
        }
        BaseLogEntry last = isLast ? log.snapshotEntry() : log.getLogEntry(committed);
        return follow(request, last, rest);
    }

    private static AppendEntriesRequest heardBy(RaftLog log, AppendEntriesRequest request) {
        List<LogEntry> entries = request.getLogEntries();
        boolean isTaken = request.getPreviousLogIndex() != log.snapshotIndex()
                || log.snapshotIndex() == log.lastLogOrSnapshotIndex();
        if (isTaken || entries.isEmpty()) {
            return request;
        }
        int known = 0;
        while (known < entries.size() && isIn(log, entries.get(known))) {
            known++;
        }
        return known == 0
                ? replacing(request, entries.get(0))
                : follow(request, entries.get(known - 1), entries.subList(known, entries.size()));
    }

    /** Logs with an entry of the same index and term are equal up to it. */
    private static boolean isIn(RaftLog log, LogEntry entry) {
        LogEntry own = log.getLogEntry(entry.getIndex());
        return own != null && own.getTerm() == entry.getTerm();
    }

    private static AppendEntriesRequest follow(AppendEntriesRequest request, BaseLogEntry last, List<LogEntry> rest) {
        return like(request)
                .setPreviousLogIndex(last.getIndex())
                .setPreviousLogTerm(last.getTerm())
                .setCommitIndex(request.getCommitIndex())
                .setLogEntries(rest)
                .build();
    }

    /** Only so that what is behind the snapshot makes room for this entry: it says nothing that the leader does not know. */
    private static AppendEntriesRequest replacing(AppendEntriesRequest request, LogEntry first) {
        return like(request)
                .setPreviousLogIndex(0)
                .setPreviousLogTerm(0)
                .setCommitIndex(0)
                .setLogEntries(List.of(first))
                .build();
    }

    /** @return a request that still lacks what it says of the log */
    static AppendEntriesRequestBuilder like(AppendEntriesRequest request) {
        return RaftModelCodec.MODEL
                .createAppendEntriesRequestBuilder()
                .setGroupId(request.getGroupId())
                .setSender(request.getSender())
                .setTerm(request.getTerm())
                .setQuerySequenceNumber(request.getQuerySequenceNumber())
                .setFlowControlSequenceNumber(request.getFlowControlSequenceNumber());
    }
}
