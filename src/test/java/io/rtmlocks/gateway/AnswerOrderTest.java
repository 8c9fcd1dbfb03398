// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.shard.Rights;
import org.junit.jupiter.api.Test;

/**
 * Which answers may come before the leader's.
 *
 * <p>Replies to different channels may overtake each other, those of one may not (PROTOCOL.md §1).
 */
class AnswerOrderTest {
    private final Session session =
            new Session("s", "u", new Access(Rights.ALL, Access.NEVER), new RateLimit(0, 0), new RateLimit(0, 0));

    private void ask(Command.Request request) {
        session.pending.put(request.caller().requestId(), new Session.Pending(request, false, 0));
    }

    private static Command.Request acquire(long id, String channel, boolean retry, boolean withPosition) {
        return new Command.AcquireLock(new Caller("s", 1, id), channel(channel), "l", retry, 0, withPosition, false, 0);
    }

    private static ChannelKey channel(String name) {
        return new ChannelKey(ChannelType.MESSAGE, name);
    }

    @Test
    void an_answer_does_not_overtake_that_to_an_earlier_request_on_its_channel() {
        ask(acquire(1, "a", false, false));
        ask(acquire(2, "a", false, false));
        ask(acquire(3, "b", false, false));

        assertThat(session.mayBeAnsweredNow(1L)).isTrue();
        assertThat(session.mayBeAnsweredNow(2L)).isFalse();
        assertThat(session.mayBeAnsweredNow(3L)).isTrue();
        session.answered(1L);
        assertThat(session.mayBeAnsweredNow(2L)).isTrue();
    }

    @Test
    void who_waits_holds_up_no_answer() {
        ask(acquire(1, "a", true, false));
        ask(acquire(2, "a", false, false));

        assertThat(session.mayBeAnsweredNow(1L)).isTrue();
        assertThat(session.mayBeAnsweredNow(2L)).isTrue();
    }

    @Test
    void what_the_shard_says_more_of_is_answered_in_its_order() {
        ask(acquire(1, "a", true, true));
        ask(new Command.Subscribe(new Caller("s", 1, 2), channel("b"), true, false, false));
        ask(new Command.Unsubscribe(new Caller("s", 1, 3), channel("c")));

        assertThat(session.mayBeAnsweredNow(1L)).isFalse();
        assertThat(session.mayBeAnsweredNow(2L)).isFalse();
        assertThat(session.mayBeAnsweredNow(3L)).isFalse();
    }

    @Test
    void nobody_is_answered_twice() {
        ask(acquire(1, "a", false, false));
        session.answered(1L);

        assertThat(session.mayBeAnsweredNow(1L)).isFalse();
        assertThat(session.answered(1L)).isNull();
    }
}
