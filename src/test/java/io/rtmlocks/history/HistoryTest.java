// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.history.Op.Kind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each check accepts what is right, and finds the fault that it is there for. */
class HistoryTest {

    private static final String LOCK = "c/l";
    private static final int NOT_THE_OWNER = -14006;
    private static final int BUSY = -14007;
    private static final int NO_SUCH_LOCK = -14008;
    private static final int CANNOT_DECIDE = -14009;
    private static final int GUARD_FAILED = -12008;

    private final History history = new History();

    private void op(String client, Kind kind, long token, long from, long to, Answer answer) {
        history.add(new Op(client, LOCK, kind, token, from, to, answer));
    }

    private void grant(String client, long token, long from, long to) {
        op(client, Kind.CREATE_AND_ACQUIRE, 0, from, to, Answer.granted(token));
    }

    private void release(String client, long token, long from, long to) {
        op(client, Kind.RELEASE, token, from, to, Answer.of(0));
    }

    private void see(String subscription, String type, long seq, String owner, long token) {
        history.add(new Sighting(subscription, "c", type, seq, "l", owner, token, Map.of()));
    }

    private void snapshot(String subscription, long seq, Map<String, Sighting.Held> locks) {
        history.add(new Sighting(subscription, "c", Sighting.SNAPSHOT, seq, "", "", 0, locks));
    }

    private List<String> findings(Check check) {
        return check.findings(history);
    }

    private void expectLinearizable(boolean is) {
        List<String> findings = findings(new Linearizable());
        assertThat(findings).as("%s", findings).hasSize(is ? 0 : 1);
    }

    @Test
    void a_lock_that_goes_round_is_right() {
        grant("alice", 5, 1, 2);
        op("bob", Kind.ACQUIRE, 0, 3, 4, Answer.of(BUSY));
        op("bob", Kind.ACQUIRE, 0, 4, 9, Answer.granted(6));
        op("carol", Kind.READ, 0, 6, 8, Answer.seen("bob", 6));
        op("alice", Kind.GUARDED_WRITE, 5, 4, 5, Answer.of(0));
        release("alice", 5, 5, 10);
        op("carol", Kind.REVOKE, 0, 11, 12, Answer.seen("bob", 0));
        op("bob", Kind.GUARDED_WRITE, 6, 12, 13, Answer.of(GUARD_FAILED));
        op("bob", Kind.RELEASE, 6, 14, 15, Answer.of(NOT_THE_OWNER));
        op("carol", Kind.REMOVE, 0, 16, 17, Answer.of(0));
        op("bob", Kind.RELEASE, 6, 18, 19, Answer.of(NO_SUCH_LOCK));
        op("carol", Kind.READ, 0, 18, 19, Answer.seenMissing());
        op("carol", Kind.SET, 0, 20, 21, Answer.of(0));
        op("carol", Kind.SET, 0, 22, 23, Answer.of(-14004));

        expectLinearizable(true);
        assertThat(history.doubleGrants()).isEmpty();
    }

    @Test
    void two_owners_at_a_time_are_found() {
        grant("alice", 5, 1, 2);
        grant("bob", 6, 3, 4);
        release("alice", 5, 8, 9);

        expectLinearizable(false);
        assertThat(findings(new HoldsDoNotOverlap())).hasSize(1);
        assertThat(findings(new TokensGrow())).isEmpty();
    }

    @Test
    void a_token_that_falls_is_found() {
        grant("alice", 5, 1, 2);
        release("alice", 5, 3, 4);
        grant("bob", 4, 5, 6);

        expectLinearizable(false);
        assertThat(findings(new TokensGrow())).hasSize(1);
        assertThat(findings(new HoldsDoNotOverlap())).isEmpty();
    }

    @Test
    void a_token_that_is_given_to_two_is_found() {
        grant("alice", 5, 1, 2);
        release("alice", 5, 3, 4);
        grant("bob", 5, 5, 6);

        expectLinearizable(false);
        assertThat(findings(new TokensGrow())).hasSize(1);
    }

    @Test
    void a_grant_that_is_forgotten_is_found() {
        grant("alice", 5, 1, 2);
        op("alice", Kind.GUARDED_WRITE, 5, 3, 4, Answer.of(GUARD_FAILED));

        expectLinearizable(false);
    }

    @Test
    void an_acknowledged_release_that_is_forgotten_is_found() {
        grant("alice", 5, 1, 2);
        release("alice", 5, 3, 4);
        op("bob", Kind.ACQUIRE, 0, 5, 6, Answer.of(BUSY));

        expectLinearizable(false);
    }

    @Test
    void a_refused_request_that_took_place_is_found() {
        op("alice", Kind.CREATE_AND_ACQUIRE, 0, 1, 2, Answer.of(CANNOT_DECIDE));
        op("bob", Kind.READ, 0, 3, 4, Answer.seen("alice", 5));

        expectLinearizable(false);
    }

    @Test
    void a_lock_that_was_to_be_kept_may_have_been_made_after_another_was_removed() {
        op("alice", Kind.SET, 0, 1, 2, Answer.of(0));
        op("bob", Kind.SET_OR_KEEP, 0, 3, 10, Answer.of(0));
        op("carol", Kind.REMOVE, 0, 4, 6, Answer.of(0));
        op("carol", Kind.READ, 0, 11, 12, Answer.seen("", 0));

        expectLinearizable(true);
    }

    @Test
    void nothing_comes_of_a_refused_request() {
        op("alice", Kind.SET, 0, 1, 2, Answer.of(CANNOT_DECIDE));
        op("alice", Kind.SET_OR_KEEP, 0, 3, 4, Answer.of(CANNOT_DECIDE));
        op("alice", Kind.REMOVE, 0, 5, 6, Answer.of(CANNOT_DECIDE));
        op("bob", Kind.READ, 0, 7, 8, Answer.seenMissing());

        expectLinearizable(true);
    }

    @Test
    void a_request_without_outcome_may_take_place_at_any_time_once_or_never() {
        op("alice", Kind.CREATE_AND_ACQUIRE, 0, 1, Op.NEVER, Answer.NONE);
        op("bob", Kind.READ, 0, 3, 4, Answer.seenMissing());
        op("bob", Kind.READ, 0, 5, 6, Answer.seen("alice", 5));
        expectLinearizable(true);

        release("alice", 5, 7, 8);
        op("bob", Kind.READ, 0, 9, 10, Answer.seen("alice", 6));
        expectLinearizable(false);
    }

    @Test
    void a_release_without_outcome_may_take_place_when_its_turn_comes() {
        grant("alice", 5, 1, 2);
        op("alice", Kind.RELEASE, 5, 3, Op.NEVER, Answer.NONE);
        op("bob", Kind.READ, 0, 4, 5, Answer.seen("alice", 5));
        grant("bob", 6, 6, 7);
        expectLinearizable(true);

        op("bob", Kind.READ, 0, 8, 9, Answer.seen("alice", 5));
        expectLinearizable(false);
    }

    @Test
    void a_stale_read_is_found() {
        grant("alice", 5, 1, 2);
        release("alice", 5, 3, 4);
        op("bob", Kind.READ, 0, 5, 6, Answer.seen("alice", 5));

        expectLinearizable(false);
    }

    @Test
    void an_owner_that_could_not_be_sure_of_its_lock_may_lose_it() {
        grant("alice", 5, 1, 2);
        grant("bob", 6, 40, 41);
        release("alice", 5, 50, 51);
        history.add(new Lapse("alice", 30));

        assertThat(findings(new HoldsDoNotOverlap())).isEmpty();
        expectLinearizable(false);
    }

    @Test
    void a_long_history_of_many_clients_is_judged() {
        for (int i = 0; i < 5_000; i++) {
            String client = "user" + i % 20;
            grant(client, i + 1, i * 10L - 150, i * 10L + 5);
            release(client, i + 1, i * 10L + 6, i * 10L + 20);
        }
        expectLinearizable(true);
        op("reader", Kind.READ, 0, 40_000, 40_001, Answer.seen("nobody", 1));
        expectLinearizable(false);
    }

    @Test
    void a_gap_and_a_repeated_event_are_found() {
        snapshot("s", 3, Map.of());
        see("s", "SET", 4, "", 0);
        assertThat(findings(new EventsWithoutGaps())).isEmpty();

        see("s", "ACQUIRED", 6, "alice", 5);
        see("s", "ACQUIRED", 6, "alice", 5);
        assertThat(findings(new EventsWithoutGaps())).hasSize(2);
    }

    @Test
    void a_fresh_snapshot_may_skip_but_not_go_back() {
        snapshot("s", 3, Map.of());
        snapshot("s", 7, Map.of());
        assertThat(findings(new EventsWithoutGaps())).isEmpty();

        snapshot("s", 6, Map.of());
        assertThat(findings(new EventsWithoutGaps())).hasSize(1);
    }

    @Test
    void an_event_before_the_snapshot_is_found() {
        see("s", "SET", 1, "", 0);
        assertThat(findings(new EventsWithoutGaps())).hasSize(1);
    }

    @Test
    void one_number_for_two_events_is_found() {
        see("s", "ACQUIRED", 4, "alice", 5);
        see("t", "ACQUIRED", 4, "alice", 5);
        assertThat(findings(new SubscribersAgree())).isEmpty();

        see("u", "ACQUIRED", 4, "bob", 5);
        assertThat(findings(new SubscribersAgree())).hasSize(1);
    }

    @Test
    void an_acknowledged_change_that_nobody_sees_is_found() {
        see("s", "SET", 1, "", 0);
        see("s", "ACQUIRED", 2, "alice", 5);
        see("s", "RELEASED", 3, "", 5);
        see("s", "ACQUIRED", 4, "bob", 7);
        grant("alice", 5, 1, 2);
        release("alice", 5, 3, 4);
        grant("bob", 7, 5, 6);
        assertThat(findings(new AcknowledgedIsSeen())).isEmpty();

        release("bob", 7, 7, 8);
        grant("carol", 6, 5, 6);
        assertThat(findings(new AcknowledgedIsSeen())).hasSize(2);
    }

    @Test
    void what_a_fresh_snapshot_stands_for_is_seen_as_far_as_there_is_room() {
        see("s", "ACQUIRED", 1, "alice", 5);
        snapshot("s", 3, Map.of("l", new Sighting.Held("bob", 7)));
        release("alice", 5, 3, 4);
        grant("bob", 7, 5, 6);
        assertThat(findings(new AcknowledgedIsSeen())).isEmpty();

        release("bob", 7, 7, 8);
        assertThat(findings(new AcknowledgedIsSeen())).hasSize(1);
    }

    @Test
    void a_snapshot_that_the_events_did_not_make_is_found() {
        snapshot("s", 0, Map.of());
        see("s", "SET", 1, "", 0);
        see("s", "ACQUIRED", 2, "alice", 5);
        snapshot("t", 2, Map.of("l", new Sighting.Held("alice", 5)));
        assertThat(findings(new SnapshotsMatchEvents())).isEmpty();

        snapshot("u", 2, Map.of("l", new Sighting.Held("", 0)));
        assertThat(findings(new SnapshotsMatchEvents())).hasSize(1);
    }
}
