// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the ids of a client are, its answers are found, and forgotten, as they would be in a map that keeps their order. */
class AnswersTest {
    private static final int STEPS = 20_000;
    private static final int ANSWERS_MAX = 100;
    private static final long KEPT_MILLIS = 500;
    private static final ChannelKey CHANNEL = new ChannelKey(ChannelType.MESSAGE, "c");
    private static final Limits LIMITS = new Limits(
            10, 300, 10, 32, 1_000, 2_000, 2_000, 250_000, 16 * 1024, ANSWERS_MAX, KEPT_MILLIS, 300_000, 1_000);

    private final Map<Long, Snapshot.Remembered> expected = new LinkedHashMap<>();
    private Answers answers = new Answers("u");
    private long nowMillis;

    static Stream<Arguments> ids() {
        return Stream.of(
                Arguments.of("one after the other", (LongUnaryOperator) step -> step),
                Arguments.of("backwards", (LongUnaryOperator) step -> STEPS - step),
                Arguments.of("multiples of a power of 2", (LongUnaryOperator) step -> step << 40),
                Arguments.of("by chance", (LongUnaryOperator) step -> new SplittableRandom(step).nextLong()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ids")
    void answer_is_found_until_it_is_too_old_or_one_too_many(String name, LongUnaryOperator ids) {
        SplittableRandom random = new SplittableRandom(7);
        for (int step = 1; step <= STEPS; step++) {
            nowMillis += random.nextInt(100) == 0 ? 2 * KEPT_MILLIS : random.nextInt(step / 1_000 + 1);
            remember(ids.applyAsLong(step), nowMillis + step);
            if (step % 1_000 == 0) {
                answers.shift(3);
                expected.replaceAll((id, each) -> new Snapshot.Remembered(
                        id, each.operation(), each.lockName(), each.givenMillis() + 3, each.reply()));
                nowMillis += 3;
            }
            if (step % 700 == 0) {
                List<Snapshot.Remembered> all = answers.all();
                answers = new Answers("u");
                answers.restore(all);
            }
            assertThat(answers.get(ids.applyAsLong(step + 1))).isNull();
            long earlier = ids.applyAsLong(step - random.nextInt(Math.min(step, 2 * ANSWERS_MAX)));
            assertThat(answers.get(earlier)).isEqualTo(expected.get(earlier));
        }
        assertThat(answers.all()).containsExactlyElementsOf(expected.values());
    }

    @Test
    void what_a_snapshot_has_of_them_stays_as_it_is() {
        for (int id = 1; id <= ANSWERS_MAX; id++) {
            remember(id, id);
        }
        List<Snapshot.Remembered> taken = answers.all();
        List<Snapshot.Remembered> then = List.copyOf(taken);

        answers.shift(3);
        for (int id = ANSWERS_MAX + 1; id <= 2 * ANSWERS_MAX; id++) {
            remember(id, id);
        }

        assertThat(taken).isEqualTo(then).isNotEqualTo(answers.all());
    }

    private void remember(long id, long token) {
        Reply reply = new Reply(nowMillis, answer(token));
        Operation operation = Operation.values()[(int) (token % 2)];
        answers.remember(id, operation, "l", nowMillis, reply, LIMITS);
        expected.put(id, new Snapshot.Remembered(id, operation, "l", nowMillis, reply));
        var oldestFirst = expected.values().iterator();
        while (expected.size() > 1) {
            boolean isOld = oldestFirst.next().givenMillis() + KEPT_MILLIS < nowMillis;
            if (!isOld && expected.size() <= ANSWERS_MAX) {
                return;
            }
            oldestFirst.remove();
        }
    }

    /** Of all kinds that are kept in different ways. */
    private static Answer answer(long token) {
        return switch ((int) (token % 5)) {
            case 0 -> new Answer.Released(CHANNEL, "l");
            case 1 -> new Answer.Cancelled(CHANNEL, "l", true);
            case 2 -> new Answer.Written(CHANNEL, 1, token, Map.of());
            case 3 -> new Answer.Granted(CHANNEL, "l", "another", 20, token, 1);
            default -> new Answer.Granted(CHANNEL, "l", "u", 10, token, token % 3);
        };
    }
}
