// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.shard.Delivery;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.Rights;
import io.rtmlocks.shard.ShardMap;
import io.rtmlocks.shard.Sources;
import io.rtmlocks.telemetry.Meters;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session sees a channel from the answer to its coming to the answer to its leaving; what is refused changes nothing. */
class AudienceTest {
    private static final ChannelKey CHANNEL = new ChannelKey(ChannelType.MESSAGE, "c");
    private static final boolean DONE = false;
    private static final boolean REFUSED = true;

    private final Vertx vertx = Vertx.vertx();
    private final NodeBus bus = new NodeBus(vertx, "n");
    private final Sessions sessions = new Sessions(new ResumeTokens("secret"), "n", new Random(1));
    private final ShardSender shards =
            new ShardSender(bus, new ShardMap(1), vertx.getOrCreateContext(), sessions, Sources.SYSTEM);
    private final Audience audience = new Audience(shards, new GatewayMeters(Meters.unread(), System::nanoTime));
    private final Session session =
            new Session("s", "u", new Access(Rights.ALL, Access.NEVER), new RateLimit(0, 0), new RateLimit(0, 0));
    private long seq;

    @AfterEach
    void stop() {
        RunningNode.await(vertx.close());
    }

    private Subscription subscribe(long id) {
        Command.Subscribe request = new Command.Subscribe(new Caller("s", 1, id), CHANNEL, true, false, false);
        Subscription subscription = new Subscription(session, request);
        audience.join(subscription);
        return subscription;
    }

    /** Begins to see the channel. */
    private Subscription subscribed(long id) {
        Subscription subscription = subscribe(id);
        audience.answered(session, subscription.request, DONE);
        snapshot(id);
        return subscription;
    }

    private void snapshot(long requestId) {
        audience.onSnapshot(session, new Delivery.Snapshot(0, "s", CHANNEL, requestId, seq, List.of()));
    }

    private void answered(long unsubscribeId, boolean isRefused) {
        Command.Request request = new Command.Unsubscribe(new Caller("s", 1, unsubscribeId), CHANNEL);
        audience.answered(session, request, isRefused);
    }

    private boolean seesWhatHappens() {
        return audience.onEvent(new Delivery.Event(0, CHANNEL, Delivery.Stream.LOCK, ++seq, "{}")) == 1;
    }

    @Test
    void who_leaves_twice_has_left_with_the_answer_to_either() {
        Subscription subscription = subscribed(1);
        subscription.leaving(2);
        subscription.leaving(3);
        assertThat(seesWhatHappens()).isTrue();

        answered(2, REFUSED);
        assertThat(seesWhatHappens()).as("the second is under way").isTrue();

        answered(3, DONE);
        assertThat(audience.size()).isZero();
    }

    @Test
    void who_may_have_left_and_leaves_again_by_another_request_has_left_with_its_answer() {
        Subscription subscription = subscribed(1);
        subscription.leaving(2);
        subscription.leaving(3);

        answered(3, DONE);

        assertThat(audience.size()).isZero();
    }

    @Test
    void who_subscribes_again_in_vain_sees_what_it_saw_before() {
        Subscription before = subscribed(1);
        Subscription refused = subscribe(2);
        Subscription alsoRefused = subscribe(3);

        audience.answered(session, refused.request, REFUSED);
        audience.answered(session, alsoRefused.request, REFUSED);
        assertThat(session.subscriptions).containsValue(before);
        assertThat(seesWhatHappens()).as("what it missed comes first").isFalse();
        snapshot(0);

        assertThat(seesWhatHappens()).isTrue();
    }

    @Test
    void who_leaves_and_subscribes_again_in_vain_goes_by_the_answer_to_its_leaving() {
        Subscription subscription = subscribed(1);
        subscription.leaving(2);
        Subscription again = subscribe(3);
        answered(2, DONE);
        audience.answered(session, again.request, REFUSED);
        assertThat(audience.size()).isZero();

        subscription = subscribed(4);
        subscription.leaving(5);
        again = subscribe(6);
        answered(5, REFUSED);
        audience.answered(session, again.request, REFUSED);
        assertThat(session.subscriptions).containsValue(subscription);
        assertThat(subscription.renew()).as("a snapshot was asked for").isFalse();
    }

    @Test
    void who_subscribes_in_vain_sees_nothing() {
        Subscription refused = subscribe(1);

        audience.answered(session, refused.request, REFUSED);

        assertThat(audience.size()).isZero();
        assertThat(audience.ofUser("u")).isZero();
    }
}
