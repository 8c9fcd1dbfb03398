// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.microraft.model.log.LogEntry;
import io.microraft.model.message.RaftMessage;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.shard.ShardClock;
import io.rtmlocks.sim.Clockwork;
import io.rtmlocks.sim.Stub;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A leader believes nothing but what voters say in its own term. One replica alone, told by hand what others could really send it: the
 * network may bring it late.
 */
class StaleAnswerTest {
    private static final Endpoint A = new Endpoint("a", "i");
    private static final Endpoint B = new Endpoint("b", "i");
    private static final Endpoint C = new Endpoint("c", "i");

    private final Clockwork clockwork = new Clockwork();
    private final List<String> applied = new ArrayList<>();
    private RaftLog log;

    private void pump(long millis) {
        clockwork.runUntil(clockwork.nowMillis() + millis);
    }

    private void hears(RaftMessage message) {
        log.onMessage(RaftMessageCodec.encode(message));
        pump(1);
    }

    private static Batch batch() {
        Batch.Draft draft = new Batch.Draft();
        draft.add("", new Command.Tick());
        return draft.at(new Moment(0, 0));
    }

    private void elected(int term) {
        for (int i = 0; i < 30 && !log.leads(); i++) {
            hears(RaftModelCodec.MODEL
                    .createPreVoteResponseBuilder()
                    .setGroupId(0)
                    .setSender(B)
                    .setTerm(term)
                    .setGranted(true)
                    .build());
            hears(RaftModelCodec.MODEL
                    .createVoteResponseBuilder()
                    .setGroupId(0)
                    .setSender(B)
                    .setTerm(term)
                    .setGranted(true)
                    .build());
            if (!log.leads()) {
                pump(100);
            }
        }
        assertThat(log.leads()).isTrue();
        assertThat(log.term()).isEqualTo(term);
    }

    private RaftMessage success(int term, long last) {
        return success(B, term, last);
    }

    private static RaftMessage success(Endpoint from, int term, long last) {
        return RaftModelCodec.MODEL
                .createAppendEntriesSuccessResponseBuilder()
                .setGroupId(0)
                .setSender(from)
                .setTerm(term)
                .setLastLogIndex(last)
                .setQuerySequenceNumber(0)
                .setFlowControlSequenceNumber(0)
                .build();
    }

    private static LogEntry entry(long index, int term) {
        return RaftModelCodec.MODEL
                .createLogEntryBuilder()
                .setIndex(index)
                .setTerm(term)
                .setOperation(batch())
                .build();
    }

    private void make() {
        ShardExecutor executor = new ShardExecutor() {
            @Override
            public void execute(Runnable task) {
                clockwork.after(0, task);
            }

            @Override
            public void schedule(long delayMillis, Runnable task) {
                clockwork.after(delayMillis, task);
            }
        };
        RaftTransport nowhere = new RaftTransport() {
            @Override
            public void send(Endpoint target, byte[] message) {}

            @Override
            public boolean isReachable(Endpoint target) {
                return true;
            }
        };
        Replica replica = new Stub()
                .run("apply", given -> applied.add(given[0] + ":" + given[3]))
                .run("onLeader", given -> {})
                .run("onFollower", given -> {})
                .run("onDropped", given -> {})
                .answer("limits", given -> Limits.STANDARD)
                .as(Replica.class);
        RaftSettings settings = new RaftSettings(4, 500, 20, 4_096, 16, 2_000, 1_000_000, 2_048, 20, 30_000);
        ShardClock clock = new ShardClock(clockwork::nowMillis, () -> clockwork.nowMillis() * 1_000_000, 100_000, 0);
        log = new RaftLog(
                0,
                A,
                List.of(A, B, C),
                settings,
                new RaftPorts(executor, nowhere, clock, clockwork::nowMillis, new Random(1)),
                replica);
        log.start();
        pump(1);
    }

    @Test
    void an_answer_of_a_former_term_commits_nothing() {
        make();
        elected(1); // term 1: entry 1
        hears(success(1, 1));
        for (int i = 0; i < 30; i++) { // 2 … 31 of term 1, which reach nobody
            log.append("g", new Command.Tick());
            pump(1);
        }
        pump(1_500); // steps down; meanwhile c leads term 2 by the vote of b, and appends 2 of term 2, which reaches
        // nobody
        assertThat(log.leads()).isFalse();
        hears(RaftModelCodec.MODEL
                .createVoteResponseBuilder()
                .setGroupId(0)
                .setSender(B)
                .setTerm(2)
                .setGranted(false)
                .build());
        hears(RaftModelCodec.MODEL
                .createPreVoteResponseBuilder()
                .setGroupId(0)
                .setSender(B)
                .setTerm(2)
                .setGranted(false)
                .build());
        pump(1_000);
        elected(3); // by the vote of b, whose log ends at 1: appends 32 of term 3; b takes 2 … 18, all of term 1: its
        // answer is late
        // c leads term 4 by the vote of b, which lets go of 2 … 18; 2 and 3 are committed
        hears(RaftModelCodec.MODEL
                .createAppendEntriesRequestBuilder()
                .setGroupId(0)
                .setSender(C)
                .setTerm(4)
                .setPreviousLogIndex(1)
                .setPreviousLogTerm(1)
                .setCommitIndex(3)
                .setLogEntries(List.of(entry(2, 2), entry(3, 4)))
                .setQuerySequenceNumber(0)
                .setFlowControlSequenceNumber(1)
                .build());
        assertThat(log.leads()).isFalse();
        pump(1_000); // c falls silent
        elected(5); // by the vote of b: 4 of term 5
        hears(success(5, 4));
        int before = applied.size();
        log.append("g", new Command.Tick()); // 5: on this replica alone
        pump(2);
        assertThat(applied).hasSize(before);

        hears(success(3, 18));

        assertThat(applied).as("what nobody else has").hasSize(before);
    }

    /** Voters a, b, c; c has died and is back as a learner; then b falls silent: no majority is left. */
    @Test
    void a_learner_does_not_keep_a_leader_without_a_majority() {
        make();
        elected(1);
        hears(success(1, 1));
        Endpoint again = new Endpoint("c", "ii");
        log.onEndpoints(Map.of("a", A, "b", B, "c", again));
        for (int i = 0; i < 10; i++) {
            pump(100);
            hears(success(1, i < 8 ? 1 : 2)); // the learner's coming is committed
            log.onEndpoints(Map.of("a", A, "b", B, "c", again));
        }
        assertThat(log.members()).contains(again);
        assertThat(log.voters()).containsExactlyInAnyOrder(A, B, C);
        for (int i = 0; i < 300; i++) { // thirty seconds without b
            pump(100);
            hears(success(again, 1, 2));
        }
        assertThat(log.leads()).as("leads").isFalse();
    }
}
