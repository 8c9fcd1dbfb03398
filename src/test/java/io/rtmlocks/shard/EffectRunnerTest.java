// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.LockTable;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.telemetry.Meters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A change costs one message to each node that has subscribers, however many they are. */
class EffectRunnerTest {
    private static final ChannelKey CHANNEL = new ChannelKey(ChannelType.MESSAGE, "c");
    private static final int SUBSCRIBERS = 1_000;
    private static final int GATEWAYS = 3;
    private static final long STREAM = 7;

    private final LockTable table = new LockTable(Limits.STANDARD);
    private final List<String> told = new ArrayList<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    /** Goes on while the shard's clock stands still, as it does for long after a pause of its process. */
    private long steadyMillis = 5_000;

    private final EffectRunner runner = new EffectRunner(
            0, table, new ShardMeters(Meters.unread(), this::steadyNanos), (gateway, all, committedNanos) -> {
                told.add(gateway);
                deliveries.addAll(all);
                return new DeliveryBatch(0, STREAM, told.size(), all, committedNanos);
            });
    private long index;

    @Test
    void change_withManySubscribersOnEachNode_isOneMessageForEachNode() {
        for (int i = 0; i < SUBSCRIBERS; i++) {
            run(new Command.SessionOnline("s" + i, 1, "u" + i, "g" + i % GATEWAYS));
            run(new Command.Subscribe(new Caller("s" + i, 1, 1), CHANNEL, true, false, false));
        }
        run(new Command.SetLock(new Caller("s0", 1, 2), CHANNEL, "l", 0, false));
        told.clear();
        deliveries.clear();

        run(new Command.AcquireLock(new Caller("s0", 1, 3), CHANNEL, "l", false, 0, false, false, 0));

        assertThat(told).containsExactlyInAnyOrder("g0", "g1", "g2");
        assertThat(deliveries).as("an event for each node, and the answer").hasSize(GATEWAYS + 1);
    }

    @Test
    void nodes_of_who_lost_a_lock_and_of_who_waited_for_it_are_told_before_the_node_that_asked() {
        for (String each : List.of("g0", "loser", "waiter", "watcher")) {
            run(new Command.SessionOnline("s " + each, 1, "u", each));
            run(new Command.Subscribe(new Caller("s " + each, 1, 1), CHANNEL, true, false, false));
        }
        run(new Command.AcquireLock(new Caller("s loser", 1, 2), CHANNEL, "l", false, 0, false, true, 0));
        run(new Command.AcquireLock(new Caller("s waiter", 1, 2), CHANNEL, "l", true, 0, false, false, 0));
        told.clear();

        run(new Command.RevokeLock(new Caller("s g0", 1, 2), CHANNEL, "l", null));

        assertThat(told).containsExactly("loser");
        runner.told(new DeliveryBatch.Told(0, "loser", STREAM, told.size()));
        runner.flush(1_000);
        assertThat(told).containsExactly("loser", "waiter", "g0", "watcher");
    }

    /** Else a client beside the one loser hears who has the other's lock before that other knows. */
    @Test
    void nodes_of_several_who_lost_locks_are_told_of_the_losses_alone_until_all_have_been_told() {
        for (String each : List.of("g0", "a", "b")) {
            run(new Command.SessionOnline("s " + each, 1, "u", each));
            run(new Command.Subscribe(new Caller("s " + each, 1, 1), CHANNEL, true, false, false));
        }
        for (String each : List.of("a", "b")) {
            run(new Command.AcquireLock(new Caller("s " + each, 1, 2), CHANNEL, each, false, 0, false, true, 0));
            run(new Command.AcquireLock(
                    new Caller("s g0", 1, each.hashCode()), CHANNEL, each, true, 0, false, false, 0));
        }
        told.clear();
        deliveries.clear();
        apply(new Command.GetLock(new Caller("s a", 1, 3), CHANNEL, false));
        for (String each : List.of("a", "b")) {
            apply(new Command.RevokeLock(new Caller("s g0", 1, 2 + each.hashCode()), CHANNEL, each, null));
        }

        runner.flush(1_000);

        assertThat(told).containsExactly("a", "b");
        assertThat(deliveries)
                .as("a's answer, and the two losses")
                .hasSize(3)
                .filteredOn(Delivery.Notice.class::isInstance)
                .hasSize(2);

        runner.told(new DeliveryBatch.Told(0, "a", STREAM, 1));
        runner.flush(1_000);
        assertThat(told).as("b has not heard yet").containsExactly("a", "b");
        runner.told(new DeliveryBatch.Told(0, "b", STREAM, 2));
        runner.flush(1_000);
        assertThat(told).startsWith("a", "b").hasSize(2 + 3).contains("g0");
        assertThat(deliveries).filteredOn(Delivery.Event.class::isInstance).hasSize(3 * 4);
    }

    @Test
    void nodes_of_who_lost_a_lock_are_not_waited_for_for_long_and_only_their_own_word_counts() {
        for (String each : List.of("g0", "loser")) {
            run(new Command.SessionOnline("s " + each, 1, "u", each));
        }
        run(new Command.AcquireLock(new Caller("s loser", 1, 2), CHANNEL, "l", false, 0, false, true, 0));
        told.clear();
        run(new Command.RevokeLock(new Caller("s g0", 1, 2), CHANNEL, "l", null));

        runner.told(new DeliveryBatch.Told(0, "g0", STREAM, 9));
        runner.told(new DeliveryBatch.Told(0, "loser", STREAM - 1, 9));
        runner.told(new DeliveryBatch.Told(0, "loser", STREAM, 0));
        assertThat(runner.nextMillis(1_000)).isEqualTo(1_000 + LossesFirst.WAIT_MILLIS);
        steadyMillis += LossesFirst.WAIT_MILLIS - 1;
        runner.flush(1_000);
        assertThat(told).containsExactly("loser");

        steadyMillis++;
        runner.flush(1_000);
        assertThat(told).containsExactly("loser", "g0");
        assertThat(runner.nextMillis(1_000)).isEqualTo(Long.MAX_VALUE);
    }

    /** Else it would hear that it lost a lock before it hears that it had it. */
    @Test
    void word_of_a_loss_goes_with_what_its_session_is_told_before() {
        Delivery answer = new Delivery.Answered("s", 1, null, "", false);
        Delivery event = new Delivery.Event(0, CHANNEL, Delivery.Stream.LOCK, 1, "");
        Delivery loss = new Delivery.Notice("s", true, "");
        List<Delivery> all = new ArrayList<>(List.of(answer, event, loss));

        assertThat(LossesFirst.takeLosses(all)).containsExactly(answer, loss);
        assertThat(all).containsExactly(event);
    }

    /** Else it would hear of what happened before as if it happened after. */
    @Test
    void word_of_a_loss_behind_a_snapshot_overtakes_no_event() {
        Delivery event = new Delivery.Event(0, CHANNEL, Delivery.Stream.STORAGE, 0, "");
        Delivery snapshot = new Delivery.Snapshot(0, "s", CHANNEL, 1, 1, List.of());
        Delivery loss = new Delivery.Notice("s", true, "");
        List<Delivery> all = new ArrayList<>(List.of(event, snapshot, loss));

        assertThat(LossesFirst.takeLosses(all)).isEmpty();
        assertThat(all).containsExactly(event, snapshot, loss);
    }

    /** Who may have missed that a queue became empty is told so; who begins to look knows of none. */
    @Test
    void snapshot_thatRenewsAnother_tellsOfEmptyQueuesAsWell() {
        run(new Command.SessionOnline("s", 1, "u", "g0"));
        run(new Command.SetLock(new Caller("s", 1, 1), CHANNEL, "l", 0, false));

        assertThat(framesOfASnapshot(2)).isEmpty();
        assertThat(framesOfASnapshot(0)).singleElement().asString().contains("\"QUEUE\"", "\"l\"", "\"waiters\":0");
    }

    private List<String> framesOfASnapshot(long requestId) {
        deliveries.clear();
        run(new Command.Subscribe(new Caller("s", 1, requestId), CHANNEL, false, false, true));
        return deliveries.stream()
                .filter(Delivery.Snapshot.class::isInstance)
                .flatMap(each -> ((Delivery.Snapshot) each).frames().stream())
                .toList();
    }

    private long steadyNanos() {
        return steadyMillis * 1_000_000;
    }

    private void run(Command command) {
        apply(command);
        runner.flush(1_000);
    }

    private void apply(Command command) {
        Moment moment = new Moment(1_700_000_000_000L, 1_000);
        runner.run("g0", moment, command, table.apply(++index, moment, command));
    }
}
