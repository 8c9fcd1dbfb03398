// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A table keeps no session for ever: neither one that left nor one that was lost. */
class ForgottenSessionsTest {

    private static final int SESSIONS = 1_000;

    private final LockTable table = new LockTable(Limits.STANDARD);
    private long index;
    private long nowMillis;

    private void apply(Command command) {
        table.apply(++index, new Moment(nowMillis, nowMillis), command);
    }

    @Test
    void sessionsThatAreGone_areForgotten_whateverTheyHeldOrWaitedFor() {
        ChannelKey channel = new ChannelKey(ChannelType.MESSAGE, "c");
        for (int i = 0; i < SESSIONS; i++) {
            String session = "s" + i;
            apply(new Command.SessionOnline(session, 1, "u", "g"));
            apply(new Command.AcquireLock(new Caller(session, 1, 1), channel, "l" + i % 10, true, 0, true, true, 300));
            apply(i % 2 == 0 ? new Command.SessionOffline(session, 1) : new Command.SessionGone(session, 1));
            nowMillis += 10;
        }
        assertThat(table.snapshot().sessions()).hasSize(SESSIONS);
        while (table.nextDeadlineMillis() != Long.MAX_VALUE) {
            nowMillis = Math.max(nowMillis, table.nextDeadlineMillis());
            apply(new Command.Tick());
        }
        assertThat(table.snapshot().sessions()).isEmpty();
        assertThat(table.contended(channel)).isEmpty();
    }
}
