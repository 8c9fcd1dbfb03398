// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.microraft.MembershipChangeMode;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.executor.RaftNodeExecutor;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.statemachine.StateMachine;
import io.microraft.transport.Transport;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.sim.Stub;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When a follower may take an entry for committed because it has it, and when it must wait for its leader's word. */
class MajorityOfTwoTest {
    private static final int TERM = 7;
    private static final Endpoint LEADER = endpoint(0);
    private static final Endpoint SELF = endpoint(1);

    private static Endpoint endpoint(int number) {
        return new Endpoint("n" + number, "first");
    }

    private static RaftNodeImpl followerOf(int replicas) {
        List<RaftEndpoint> members = IntStream.range(0, replicas)
                .<RaftEndpoint>mapToObj(MajorityOfTwoTest::endpoint)
                .toList();
        return (RaftNodeImpl) RaftNode.newBuilder()
                .setGroupId(0)
                .setLocalEndpoint(SELF)
                .setInitialGroupMembers(members)
                .setExecutor(new Stub().run("execute", task -> {}).as(RaftNodeExecutor.class))
                .setTransport(new Stub().as(Transport.class))
                .setStateMachine(new Stub().as(StateMachine.class))
                .build();
    }

    private static Object batch() {
        Batch.Draft draft = new Batch.Draft();
        draft.add("", new Command.Tick());
        return draft.at(new Moment(0, 0));
    }

    private static Object newMember() {
        List<RaftEndpoint> members = List.of(LEADER, SELF, endpoint(9));
        return RaftModelCodec.MODEL
                .createUpdateRaftGroupMembersOpBuilder()
                .setMembers(members)
                .setVotingMembers(members)
                .setEndpoint(endpoint(9))
                .setMode(MembershipChangeMode.ADD_OR_PROMOTE_TO_FOLLOWER)
                .build();
    }

    /** Entries 5, 6, …, when all before is committed. */
    private static AppendEntriesRequest entries(Endpoint sender, int term, Object... operations) {
        return RaftModelCodec.MODEL
                .createAppendEntriesRequestBuilder()
                .setGroupId(0)
                .setSender(sender)
                .setTerm(TERM)
                .setPreviousLogIndex(4)
                .setPreviousLogTerm(term)
                .setCommitIndex(4)
                .setQuerySequenceNumber(2)
                .setFlowControlSequenceNumber(3)
                .setLogEntries(IntStream.range(0, operations.length)
                        .mapToObj(i -> RaftModelCodec.MODEL
                                .createLogEntryBuilder()
                                .setIndex(5 + i)
                                .setTerm(term)
                                .setOperation(operations[i])
                                .build())
                        .toList())
                .build();
    }

    @Test
    void of_two_or_three_the_leader_and_its_follower_are_enough() {
        for (int replicas : List.of(2, 3)) {
            AppendEntriesRequest request = entries(LEADER, TERM, batch(), batch());
            AppendEntriesRequest understood = MajorityOfTwo.heardBy(followerOf(replicas), request);

            assertThat(understood.getCommitIndex()).isEqualTo(6);
            assertThat(understood)
                    .usingRecursiveComparison()
                    .ignoringFields("commitIndex")
                    .isEqualTo(request);
        }
    }

    @Test
    void of_five_they_are_not() {
        assertIsWaitedFor(followerOf(5), entries(LEADER, TERM, batch()));
    }

    @Test
    void without_entries_nothing_is_known() {
        assertIsWaitedFor(followerOf(3), entries(LEADER, TERM));
    }

    /** Others may have been committed in their place: that two have them proves nothing until one of this term follows. */
    @Test
    void entries_of_a_former_term_prove_nothing() {
        assertIsWaitedFor(followerOf(3), entries(LEADER, TERM - 1, batch()));
    }

    /** As {@link AfterSnapshot} makes one, for who has a snapshot and then entries of its own. */
    @Test
    void an_entry_that_does_not_follow_what_the_request_says_proves_nothing() {
        AppendEntriesRequest request = entries(LEADER, TERM, batch());
        AppendEntriesRequest replacing = AfterSnapshot.like(request)
                .setPreviousLogIndex(0)
                .setPreviousLogTerm(0)
                .setCommitIndex(0)
                .setLogEntries(request.getLogEntries())
                .build();

        assertIsWaitedFor(followerOf(3), replacing);
    }

    @Test
    void new_members_count_when_the_leader_says_so() {
        assertIsWaitedFor(followerOf(3), entries(LEADER, TERM, batch(), newMember(), batch()));

        RaftNodeImpl changing = followerOf(3);
        List<RaftEndpoint> members = Stream.<RaftEndpoint>of(LEADER, SELF).toList();
        changing.state().updateGroupMembers(3, members, members, 0);
        assertIsWaitedFor(changing, entries(LEADER, TERM, batch()));
    }

    @Test
    void whoever_does_not_vote_does_not_count() {
        assertIsWaitedFor(followerOf(3), entries(endpoint(9), TERM, batch()));
    }

    private static void assertIsWaitedFor(RaftNodeImpl follower, AppendEntriesRequest request) {
        assertThat(MajorityOfTwo.heardBy(follower, request)).isSameAs(request);
    }
}
