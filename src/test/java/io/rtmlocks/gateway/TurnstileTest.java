// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.rtmlocks.telemetry.Limit;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Of a crowd a few pass in each turn of the loop that serves, in the order in which they came; who may not come in is ended. */
class TurnstileTest {

    private static final int BOUND = 500;
    private static final int LET_IN = BOUND + BOUND / 8 + 16;

    private final List<Limit> refused = new ArrayList<>();
    private final Queue<Runnable> turns = new ArrayDeque<>();
    private final EmbeddedChannel listening = new EmbeddedChannel(new Turnstile(
            new Arrivals(new GatewaySettings.Doors(1_000, 0, 0, BOUND, 1_000, 8_192), 0),
            () -> 0,
            refused::add,
            turns::add));

    private static final class Stranger extends EmbeddedChannel {
        @Override
        protected SocketAddress remoteAddress0() {
            return new InetSocketAddress("192.0.2.1", 1);
        }
    }

    private List<Channel> come(int number) {
        List<Channel> crowd =
                Stream.<Channel>generate(Stranger::new).limit(number).toList();
        listening.writeInbound(crowd.toArray());
        return crowd;
    }

    private List<Channel> passed() {
        List<Channel> passed = new ArrayList<>();
        for (Channel next = listening.readInbound(); next != null; next = listening.readInbound()) {
            passed.add(next);
        }
        return passed;
    }

    private void turn() {
        turns.remove().run();
        listening.runPendingTasks();
    }

    @Test
    void who_comes_alone_passes_at_once() {
        for (int i = 0; i < 3; i++) {
            assertThat(come(1)).isEqualTo(passed());
            turn();
        }
        assertThat(turns).isEmpty();
    }

    @Test
    void a_crowd_passes_in_order_a_few_in_each_turn() {
        List<Channel> crowd = come(BOUND);
        List<Channel> passed = passed();
        assertThat(passed).hasSize(1);
        int most = 0;
        int count = 0;
        while (!turns.isEmpty()) {
            turn();
            List<Channel> now = passed();
            most = Math.max(most, now.size());
            passed.addAll(now);
            count++;
        }
        assertThat(passed).isEqualTo(crowd);
        assertThat(most).isEqualTo(1 + (BOUND - 1) / 128);
        assertThat(count).isLessThan(BOUND);
    }

    @Test
    void who_comes_too_fast_is_ended_at_once_and_does_not_wait() {
        List<Channel> crowd = come(LET_IN + 10);
        assertThat(refused).hasSize(10).containsOnly(Limit.HANDSHAKES_PER_ADDRESS);
        assertThat(crowd.subList(0, LET_IN)).allMatch(Channel::isOpen);
        assertThat(crowd.subList(LET_IN, crowd.size())).noneMatch(Channel::isOpen);
    }

    @Test
    void who_waits_is_ended_when_nobody_listens_any_more() {
        List<Channel> crowd = come(10);
        listening.close();
        assertThat(crowd.get(0).isOpen()).isTrue();
        assertThat(crowd.subList(1, crowd.size())).noneMatch(Channel::isOpen);
        turn();
        assertThat(passed()).containsExactly(crowd.get(0));
    }
}
