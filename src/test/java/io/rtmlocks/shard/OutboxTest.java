// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.sim.Stub;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.EventBus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private final List<String> sent = new ArrayList<>();
    private final List<Handler<?>> turns = new ArrayList<>();

    private final Outbox outbox = new Outbox(
            new Stub().run("send", given -> send((String) given[0])).as(EventBus.class),
            new Stub()
                    .run("runOnContext", given -> turns.add((Handler<?>) given[0]))
                    .as(Context.class));

    private void send(String receiver) {
        if (receiver.equals("closing")) {
            throw new IllegalStateException("Promise already completed");
        }
        sent.add(receiver);
    }

    private void turn() {
        List.copyOf(turns).forEach(each -> each.handle(null));
    }

    @Test
    void what_is_for_one_node_in_one_turn_is_one_message() {
        for (String receiver : List.of("a", "b", "a", "a")) {
            outbox.post(receiver, new PeerMessage(new byte[0]));
        }
        assertThat(turns).hasSize(1);
        turn();
        assertThat(sent).containsExactly("a", "b");
    }

    @Test
    void a_connection_that_ends_takes_nothing_with_it_that_is_for_others() {
        for (String receiver : List.of("a", "closing", "b")) {
            outbox.post(receiver, new PeerMessage(new byte[0]));
        }
        turn();
        assertThat(sent).containsExactly("a", "b");
    }
}
