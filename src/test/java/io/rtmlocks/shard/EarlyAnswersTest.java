// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.LockTable;
import io.rtmlocks.lock.Moment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica that does not lead answers the sessions of its own node, and waits where somebody must hear of a loss first. */
class EarlyAnswersTest {
    private static final ChannelKey CHANNEL = new ChannelKey(ChannelType.MESSAGE, "c");

    private final LockTable table = new LockTable(Limits.STANDARD);
    private final List<String> answered = new ArrayList<>();
    private boolean isAhead = true;
    private long nowMillis = 1_000;
    private final EarlyAnswers answers =
            new EarlyAnswers("here", () -> nowMillis, each -> answered.add(each.sessionId() + " " + each.requestId()));
    private long index;

    @BeforeEach
    void sessions() {
        apply(new Command.SessionOnline("alice", 1, "alice", "here"));
        apply(new Command.SessionOnline("bob", 1, "bob", "here"));
        apply(new Command.SessionOnline("carol", 1, "carol", "there"));
    }

    @Test
    void who_is_here_is_answered_here() {
        acquire("alice", 1, "l", false);
        acquire("carol", 1, "m", false);
        acquire("bob", 1, "l", false);

        assertThat(answered).containsExactly("alice 1", "bob 1");
    }

    @Test
    void who_waited_here_is_answered_here_wherever_the_lock_was_given_back() {
        acquire("carol", 1, "l", false);
        acquire("bob", 1, "l", true);
        assertThat(answered).isEmpty();

        apply(new Command.ReleaseLock(new Caller("carol", 1, 2), CHANNEL, "l", 0));
        assertThat(answered).containsExactly("bob 1");
    }

    @Test
    void whoever_lost_a_lock_is_to_hear_of_it_before_others_get_it() {
        acquire("carol", 1, "l", false);
        acquire("bob", 1, "l", true);
        apply(new Command.RevokeLock(new Caller("alice", 1, 1), CHANNEL, "l", null));
        nowMillis += EarlyAnswers.AFTER_A_LOSS_MILLIS - 1;
        acquire("alice", 2, "m", false);
        assertThat(answered).isEmpty();

        nowMillis++;
        acquire("alice", 3, "n", false);
        assertThat(answered).containsExactly("alice 3");
    }

    @Test
    void a_loss_that_the_leader_knew_of_keeps_them_quiet_as_well() {
        acquire("carol", 1, "l", false);
        answered.clear();
        isAhead = false;
        apply(new Command.RevokeLock(new Caller("alice", 1, 1), CHANNEL, "l", null));
        isAhead = true;
        acquire("bob", 1, "l", false);
        assertThat(answered).isEmpty();
    }

    private void acquire(String session, long requestId, String lock, boolean retry) {
        apply(new Command.AcquireLock(new Caller(session, 1, requestId), CHANNEL, lock, retry, 0, false, true, 0));
    }

    private void apply(Command command) {
        List<Effect> effects = table.apply(++index, new Moment(1_700_000_000_000L, nowMillis), command);
        answers.onApplied(effects, isAhead);
    }
}
