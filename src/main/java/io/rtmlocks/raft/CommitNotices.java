// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftEndpoint;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.RaftMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Which messages of a leader may be left out: those that tell a follower nothing but how far the log is committed, when it has just been
 * sent something.
 *
 * <p>MicroRaft sends one to each follower after each commit, as many as there are messages with entries. Followers need not know at
 * once: the next entries say it too, and at the latest the next heartbeat does. To leave it out is the same as to lose it.
 */
final class CommitNotices {

    /** Far less than the time between two heartbeats: one that comes later is sent. */
    static final long JUST_NOW_MILLIS = 20;

    private final LongSupplier monotonicMillis;
    private final Map<String, Long> sentMillis = new HashMap<>();

    CommitNotices(LongSupplier monotonicMillis) {
        this.monotonicMillis = monotonicMillis;
    }

    /** To be asked for each message, and followed. */
    boolean mayLeaveOut(RaftEndpoint target, RaftMessage message) {
        if (!(message instanceof AppendEntriesRequest request)) {
            return false;
        }
        String node = ((Endpoint) target).node();
        long nowMillis = monotonicMillis.getAsLong();
        Long lastMillis = sentMillis.get(node);
        if (isNotice(request) && lastMillis != null && nowMillis - lastMillis < JUST_NOW_MILLIS) {
            return true;
        }
        sentMillis.put(node, nowMillis);
        return false;
    }

    /** Nothing waits for an answer: no entries, no query, no word of where the follower's log ends. */
    private static boolean isNotice(AppendEntriesRequest request) {
        return request.getLogEntries().isEmpty() && request.getFlowControlSequenceNumber() == 0;
    }
}
