// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.ops.Scrape;
import io.rtmlocks.telemetry.Label;
import io.rtmlocks.telemetry.Limit;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * At a limit all is served; at one and a half times as much the excess is refused; at ten times whoever does not listen is
 * ended, where the protocol says so. Somebody else, in the same shard, is served all the while.
 */
class OffenceTest {

    private static final int BOUND = Offence.BOUND;

    @ParameterizedTest
    @EnumSource(Offence.class)
    void at_the_limit_everything_is_served(Offence offence) {
        try (RunningNode node = offence.node()) {
            Pressed pressed = press(offence, node, BOUND);
            assertThat(pressed).isEqualTo(new Pressed(offence.asked(BOUND), Set.of(), Pressed.STAYS));
            for (Limit limit : Limit.values()) {
                assertThat(refusalsTold(node, limit)).as(limit.name()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Offence.class)
    void beyond_the_limit_the_excess_is_refused(Offence offence) {
        pressBeyond(offence, BOUND + BOUND / 2, Set.of(offence.beyond.end()));
    }

    @ParameterizedTest
    @EnumSource(Offence.class)
    void far_beyond_the_limit_who_does_not_listen_is_ended(Offence offence) {
        pressBeyond(offence, BOUND * 10, offence.beyond.endsFar());
    }

    private static void pressBeyond(Offence offence, int amount, Set<String> ends) {
        try (RunningNode node = offence.node()) {
            long before = System.nanoTime();
            Pressed pressed = press(offence, node, amount);
            long servedMax = offence.servedMax(System.nanoTime() - before);
            assertThat(pressed.end()).isIn(ends);
            assertThat(offence.beyond.refusals()).containsAll(pressed.refusals());
            if (pressed.end().equals(Pressed.STAYS)) {
                assertThat((long) pressed.served()).isBetween((long) offence.servedMin(), servedMax);
                assertThat(pressed.refusals().isEmpty()).isEqualTo(pressed.served() == offence.asked(amount));
            }
            if (offence.limit != null && pressed.served() < amount) {
                assertThat(refusalsTold(node, offence.limit)).isNotZero();
            }
        }
    }

    /** Presses while a neighbour is served. */
    private static Pressed press(Offence offence, RunningNode node, int amount) {
        Neighbour neighbour = new Neighbour(node.login("neighbour"));
        neighbour.isServed();
        Supplier<Pressed> pressing = offence.press.begin(node, amount);
        neighbour.isServed();
        Pressed pressed = pressing.get();
        neighbour.isServed();
        return pressed;
    }

    private static double refusalsTold(RunningNode node, Limit limit) {
        return Scrape.of(node.node().managementPort())
                .orZero("rtm_refusals_total{limit=\"" + Label.lower(limit) + "\"}");
    }

    /** No limit that can be pressed is left out; those of time have their tests in {@link FloodTest} and {@link TransportTest}. */
    @Test
    void every_limit_is_pressed() {
        Set<Limit> unpressed = EnumSet.allOf(Limit.class);
        unpressed.removeAll(Arrays.stream(Offence.values())
                .map(offence -> offence.limit)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet()));
        assertThat(unpressed)
                .containsExactlyInAnyOrder(
                        Limit.QUEUED_BYTES, Limit.REFUSALS_IN_A_ROW, Limit.LOGIN_TIME, Limit.HANDSHAKE_TIME);
    }

    /** Somebody who keeps to every limit, and must not notice that others do not. */
    private static final class Neighbour {
        private static final int ROUNDS = 3;

        private final TestClient client;
        private long seq;
        private long token;

        Neighbour(TestClient client) {
            this.client = client;
            client.succeed("subscribe", "channel", "neighbour");
            seq = client.lockEvent("SNAPSHOT").getLong("seq");
        }

        void isServed() {
            for (int i = 0; i < ROUNDS; i++) {
                JsonObject grant =
                        client.succeed("acquireLock", "channel", "neighbour", "lockName", "l", "create", true);
                assertThat(grant.getLong("fencingToken")).isGreaterThan(token);
                token = grant.getLong("fencingToken");
                client.succeed("releaseLock", "channel", "neighbour", "lockName", "l");
                if (seq == 0) {
                    isTold("SET");
                }
                isTold("ACQUIRED");
                isTold("RELEASED");
            }
        }

        private void isTold(String eventType) {
            seq++;
            assertThat(client.lockEvent(eventType).getLong("seq")).isEqualTo(seq);
        }
    }
}
