// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A shard remembers the latest transitions of its locks, and no more than it may. */
class LockHistoryTest {
    private static final ChannelKey CHANNEL = new ChannelKey(ChannelType.MESSAGE, "c");

    private long seq;

    @Test
    void a_lock_has_its_last_fifty() {
        LockHistory history = new LockHistory(1_000);
        for (int i = 0; i < 60; i++) {
            note(history, "l");
        }
        assertThat(history.of(CHANNEL, "l")).hasSize(LockHistory.PER_LOCK_MAX);
        assertThat(history.of(CHANNEL, "l").get(0).seq()).isEqualTo(11);
        assertThat(history.of(CHANNEL, "other")).isEmpty();
    }

    @Test
    void when_there_are_too_many_the_lock_that_has_not_changed_for_the_longest_is_forgotten() {
        LockHistory history = new LockHistory(4);
        for (String lock : List.of("a", "b", "a", "b", "a")) {
            note(history, lock);
        }
        assertThat(history.of(CHANNEL, "b")).isEmpty();
        assertThat(history.of(CHANNEL, "a")).hasSize(3);

        history.clear();
        assertThat(history.of(CHANNEL, "a")).isEmpty();
    }

    @Test
    void a_lock_that_somebody_looks_at_is_not_the_next_to_be_forgotten() {
        LockHistory history = new LockHistory(4);
        note(history, "a");
        note(history, "b");
        assertThat(history.of(CHANNEL, "a")).hasSize(1);
        for (int i = 0; i < 3; i++) {
            note(history, "c");
        }
        assertThat(history.of(CHANNEL, "a")).hasSize(1);
        assertThat(history.of(CHANNEL, "b")).isEmpty();
    }

    private void note(LockHistory history, String lock) {
        LockEvent event =
                new LockEvent(LockEvent.Type.SET, CHANNEL, lock, "", 10, 0, "alice", null, null, ++seq, 1_000 + seq);
        history.note(List.of(new Effect.Published(event)));
    }
}
