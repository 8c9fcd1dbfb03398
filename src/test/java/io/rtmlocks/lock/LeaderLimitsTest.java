// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Nodes whose files say different limits apply the same commands to the same end: the limits of whoever leads count, on all. */
class LeaderLimitsTest {

    private static final int RUNS = 100;
    private static final int COMMANDS = 500;
    private static final Moment NOW = new Moment(1_800_000_000_000L, 1_000);
    private static final ChannelKey CHANNEL = new ChannelKey(ChannelType.MESSAGE, "c");
    private static final Limits NARROW = new Limits(20, 40, 30, 1, 1, 1, 1, 1, 4, 3, 1_000, 60_000, 2);

    @Test
    void tables_with_limits_of_their_own_are_equal_under_a_leader() {
        for (long seed = 0; seed < RUNS; seed++) {
            World world = World.of(seed);
            CommandSource source = new CommandSource(world);
            LockTable leading = new LockTable(world.limits());
            LockTable following = new LockTable(NARROW);
            Step step = new Step(NOW, new Command.LeaderChanged(world.limits()));
            for (int index = 1; index <= COMMANDS; index++) {
                var effects = leading.apply(index, step.moment(), step.command());
                assertThat(following.apply(index, step.moment(), step.command()))
                        .as("seed %d, %s", seed, step)
                        .isEqualTo(effects);
                source.saw(effects);
                step = source.next();
            }
            assertThat(following.snapshot()).as("seed %d", seed).isEqualTo(leading.snapshot());
        }
    }

    @Test
    void a_table_from_a_snapshot_goes_on_with_its_limits_until_another_leader_comes() {
        LockTable table = new LockTable(Limits.STANDARD);
        table.apply(1, NOW, new Command.LeaderChanged(NARROW));
        table.apply(2, NOW, new Command.SessionOnline("s", 1, "u", "g"));
        LockTable installed = table.snapshot().toTable();

        assertThat(created(installed, "first")).isInstanceOf(Answer.LockSet.class);
        assertThat(created(installed, "second")).isInstanceOf(Answer.Rejected.class);

        installed.apply(installed.lastIndex() + 1, NOW, new Command.LeaderChanged(Limits.STANDARD));
        assertThat(created(installed, "third")).isInstanceOf(Answer.LockSet.class);
    }

    private static Answer created(LockTable table, String lock) {
        long index = table.lastIndex() + 1;
        Command.Request request = new Command.SetLock(new Caller("s", 1, index), CHANNEL, lock, 0, false);
        return table.apply(index, NOW, request).stream()
                .filter(Effect.Replied.class::isInstance)
                .map(effect -> ((Effect.Replied) effect).reply().answer())
                .findFirst()
                .orElseThrow();
    }
}
