// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Whatever sessions do, in whatever order: the table keeps every promise, says what the {@link Oracle} says, and goes on
 * from any snapshot, and from its commands, as if nothing had happened.
 *
 * <p>{@code -Drtm.seed=N} runs one seed again, {@code -Drtm.runs=N} runs more of them than usual.
 */
class LockTablePropertyTest {

    static final int COMMANDS_PER_RUN = 500;
    static final int RUNS = 400;

    private static final Set<Trial.Watch> ALL = EnumSet.allOf(Trial.Watch.class);

    @Test
    void random_commands_break_no_promise() {
        Long seed = Long.getLong("rtm.seed");
        if (seed != null) {
            run(seed);
            return;
        }
        SplittableRandom seeds = new SplittableRandom();
        int runs = Integer.getInteger("rtm.runs", RUNS);
        for (int i = 0; i < runs; i++) {
            run(seeds.nextLong());
        }
    }

    /** Otherwise the first test would say little. */
    @Test
    void random_commands_have_every_effect_there_is() {
        Vocabulary vocabulary = new Vocabulary();
        Trial.Machine machine = new Trial.Machine(Rules::new, () -> vocabulary::heard);
        for (long seed = 0; seed < RUNS / 4; seed++) {
            Trial.run(World.of(seed), COMMANDS_PER_RUN, machine, Set.of());
        }

        assertThat(vocabulary.unused()).allMatch(Vocabulary::isCommand);
    }

    private static void run(long seed) {
        World world = World.of(seed);
        Trial.Failure failure = Trial.run(world, COMMANDS_PER_RUN, Trial.Machine.SOUND, ALL);
        if (failure != null) {
            fail(story(world, failure));
        }
    }

    private static String story(World world, Trial.Failure failure) {
        Shrinking shrinking = new Shrinking(steps -> Trial.replay(world, steps, Trial.Machine.SOUND, ALL));
        Trial.Failure shrunk = shrinking.shrunk(failure);
        List<Step> steps = shrunk.steps();
        return "%s is broken: %s%n%nby %d commands:%n%s%n%nmvn -q test -Dtest=LockTablePropertyTest -Drtm.seed=%d"
                .formatted(
                        shrunk.promise(),
                        shrunk.message(),
                        steps.size(),
                        steps.stream().map(Step::toString).collect(Collectors.joining(System.lineSeparator())),
                        world.seed());
    }
}
