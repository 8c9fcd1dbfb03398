// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import io.rtmlocks.FreePorts;
import io.rtmlocks.shard.NodeBus;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that is there is reached, whatever becomes of Hazelcast's data; one that is gone is not waited for. */
class KnownNodesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ANSWER_WITHIN_MS = 1_000;
    private static final String HOST = "127.0.0.1";

    private final List<Membership.Joined> nodes = new ArrayList<>();
    private List<Integer> ports = List.of();

    @BeforeEach
    void two_nodes() throws IOException {
        ports = FreePorts.some(2);
        start(0, "first");
        start(1, "first");
    }

    @AfterEach
    void end() {
        nodes.forEach(node -> join(node.vertx().close()));
    }

    /** As when two sides of a cut become one, and the data of one of them is thrown away. */
    @Test
    void a_node_is_reached_when_hazelcast_has_forgotten_what_vertx_kept_there() {
        Hazelcast.getAllHazelcastInstances().forEach(each -> {
            each.getMultiMap("__vertx.subs").clear();
            each.getMap("__vertx.nodeInfo").clear();
        });

        assertThat(ask(0, "n1", "first")).isEqualTo("n1 first");
        assertThat(ask(1, "n0", "first")).isEqualTo("n0 first");
    }

    @Test
    void a_node_may_have_more_addresses_that_end_as_its_own() {
        String more = "more." + NodeBus.addressOf("n1.first");
        join(nodes.get(1)
                .vertx()
                .eventBus()
                .consumer(more, message -> message.reply("more"))
                .completion());

        assertThat(join(nodes.get(0).vertx().eventBus().request(more, "hello")).body())
                .isEqualTo("more");
    }

    @Test
    void a_node_that_ended_is_nowhere_and_its_next_life_is_reached() {
        assertThat(ask(0, "n1", "first")).isEqualTo("n1 first");

        join(nodes.remove(1).vertx().close());
        await().atMost(PATIENCE).untilAsserted(() -> assertNowhere("n1", "first"));
        start(1, "second");

        await().atMost(PATIENCE)
                .ignoreException(CompletionException.class)
                .until(() -> ask(0, "n1", "second").equals("n1 second"));
        assertNowhere("n1", "first");
    }

    private void assertNowhere(String name, String life) {
        assertThatThrownBy(() -> ask(0, name, life))
                .hasCauseInstanceOf(ReplyException.class)
                .hasMessageContaining("No handlers for address");
    }

    private Object ask(int from, String name, String life) {
        Future<Object> answer = nodes.get(from)
                .vertx()
                .eventBus()
                .request(
                        NodeBus.addressOf(new Member(name, life).id()),
                        "who are you",
                        new DeliveryOptions().setSendTimeout(ANSWER_WITHIN_MS))
                .map(message -> message.body());
        return join(answer);
    }

    private void start(int number, String life) {
        Member self = new Member("n" + number, life);
        List<String> members = ports.stream().map(port -> HOST + ':' + port).toList();
        Membership.Joined node = join(Membership.join(
                new ClusterSettings(self, HOST, ports.get(number), 0, members, new Shape("known", 3, 16), "", null),
                new VertxOptions()));
        nodes.add(number, node);
        join(node.vertx()
                .eventBus()
                .consumer(NodeBus.addressOf(self.id()), message -> message.reply(self.name() + ' ' + life))
                .completion());
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
