// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.microraft.model.RaftModelFactory;
import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.LogEntry;
import io.microraft.model.message.RaftMessage;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A follower is told of a commit with the next entries or the next heartbeat; whatever else is said is sent. */
class CommitNoticesTest {

    private static final Endpoint BOB = new Endpoint("bob", "1");
    private static final Endpoint EVE = new Endpoint("eve", "1");
    private static final Endpoint LEADER = new Endpoint("leader", "1");
    private static final RaftModelFactory MODEL = new DefaultRaftModelFactory();
    private static final int ENTRIES = 3;

    private final AtomicLong nowMillis = new AtomicLong(-5);
    private final CommitNotices notices = new CommitNotices(nowMillis::get);

    @Test
    void a_notice_behind_entries_is_left_out_and_a_heartbeat_is_not() {
        assertThat(notices.mayLeaveOut(BOB, append(ENTRIES, 7))).isFalse();
        assertThat(notices.mayLeaveOut(BOB, append(0, 0))).isTrue();

        nowMillis.addAndGet(CommitNotices.JUST_NOW_MILLIS);
        assertThat(notices.mayLeaveOut(BOB, append(0, 0))).isFalse();
        assertThat(notices.mayLeaveOut(BOB, append(0, 0))).isTrue();
    }

    @Test
    void what_is_left_out_does_not_put_off_the_next() {
        assertThat(notices.mayLeaveOut(BOB, append(ENTRIES, 7))).isFalse();
        for (long millis = 1; millis < CommitNotices.JUST_NOW_MILLIS; millis++) {
            nowMillis.incrementAndGet();
            assertThat(notices.mayLeaveOut(BOB, append(0, 0))).isTrue();
        }
        nowMillis.incrementAndGet();
        assertThat(notices.mayLeaveOut(BOB, append(0, 0))).isFalse();
    }

    @Test
    void what_is_answered_is_never_left_out() {
        assertThat(notices.mayLeaveOut(BOB, append(ENTRIES, 7))).isFalse();
        assertThat(notices.mayLeaveOut(BOB, append(ENTRIES, 8))).isFalse();
        assertThat(notices.mayLeaveOut(BOB, append(0, 9))).isFalse();
        assertThat(notices.mayLeaveOut(BOB, vote())).isFalse();
    }

    @Test
    void each_follower_is_told_by_itself() {
        assertThat(notices.mayLeaveOut(BOB, append(ENTRIES, 7))).isFalse();
        assertThat(notices.mayLeaveOut(EVE, append(0, 0))).isFalse();
    }

    private static RaftMessage append(int entries, long flowControlNumber) {
        List<LogEntry> log = Stream.generate(() -> MODEL.createLogEntryBuilder()
                        .setIndex(1)
                        .setTerm(1)
                        .setOperation("change")
                        .build())
                .limit(entries)
                .toList();
        return MODEL.createAppendEntriesRequestBuilder()
                .setGroupId(1)
                .setSender(LEADER)
                .setTerm(1)
                .setPreviousLogTerm(1)
                .setPreviousLogIndex(1)
                .setCommitIndex(1)
                .setLogEntries(log)
                .setQuerySequenceNumber(0)
                .setFlowControlSequenceNumber(flowControlNumber)
                .build();
    }

    private static RaftMessage vote() {
        return MODEL.createVoteRequestBuilder()
                .setGroupId(1)
                .setSender(LEADER)
                .setTerm(1)
                .setLastLogTerm(1)
                .setLastLogIndex(1)
                .setSticky(false)
                .build();
    }
}
