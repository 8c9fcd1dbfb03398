// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.eventbus.EventBus;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private final List<String> sent = new ArrayList<>();
    private final List<Handler<?>> turns = new ArrayList<>();

    private static <T> T standIn(Class<T> type, InvocationHandler calls) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, calls));
    }

    private final Outbox outbox = new Outbox(
            standIn(EventBus.class, (bus, method, given) -> {
                if (given[0].equals("closing")) {
                    throw new IllegalStateException("Promise already completed");
                }
                sent.add((String) given[0]);
                return bus;
            }),
            standIn(Context.class, (context, method, given) -> turns.add((Handler<?>) given[0]) ? null : context));

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
