// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.telemetry.Meters;
import io.rtmlocks.wire.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway that checks no rights at all gets nothing from the shard that the token of the session does not give. */
class PermitsTest implements NodeBus.GatewayEnd {
    private static final long EPOCH = 1;

    private final Vertx vertx = Vertx.vertx();
    private final NodeBus bus = new NodeBus(vertx, "n");
    private final BlockingQueue<Delivery.Answered> answers = new LinkedBlockingQueue<>();
    private long requestId;
    private long number;
    private long stream = 1;

    @BeforeEach
    void start() throws Exception {
        bus.gateway(vertx.getOrCreateContext(), this);
        await(bus.open());
        await(vertx.deployVerticle(new ShardVerticle(
                0,
                Limits.STANDARD,
                Sources.SYSTEM.clock(3_000, 15_000),
                bus,
                ShardLog.Factory.LOCAL,
                new ShardMeters(Meters.unread(), System::nanoTime))));
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    @Test
    void request_has_its_effect_exactly_when_the_token_gives_the_right() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (RightsMatrix.Row row : RightsMatrix.rows()) {
            Delivery.Answered answer = ask(new CommandBatch.Permit("s", EPOCH, Rights.of(row.lines())), row);
            if (isForbidden(answer) == row.allowed()) {
                wrong.add(row + ": " + answer);
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void session_of_which_nothing_was_said_may_do_nothing() throws Exception {
        for (RightsMatrix.Row row : RightsMatrix.rows()) {
            assertThat(isForbidden(ask(null, row))).as(row.toString()).isTrue();
        }
    }

    @Test
    void session_that_may_do_everything_may_until_a_new_stream_says_nothing_of_it() throws Exception {
        RightsMatrix.Row row = RightsMatrix.rows().get(0);
        assertThat(isForbidden(ask(new CommandBatch.Permit("s", EPOCH, Rights.ALL), row)))
                .isFalse();
        assertThat(isForbidden(ask(null, row))).as("it was said before").isFalse();

        stream++;
        number = 0;
        assertThat(isForbidden(ask(null, row))).isTrue();
    }

    @Test
    void session_that_is_away_is_forgotten_unless_it_has_come_back() {
        Permits permits = new Permits();
        Command.Request request = RightsMatrix.rows().get(0).command(new Caller("s", 2, 1));
        permits.learn(batch(0, new CommandBatch.Permit("s", 2, Rights.ALL)));
        permits.forget("g", new Departure("s", 1, "g"));
        assertThat(permits.allow("g", request)).isTrue();
        assertThat(permits.allow("another gateway", request)).isFalse();
        permits.forget("g", new Departure("s", 2, "g"));
        assertThat(permits.allow("g", request)).isFalse();
    }

    @Test
    void refusal_is_the_gateways_own_to_the_letter_whatever_there_is() throws Exception {
        RightsMatrix.Row row = RightsMatrix.rows().stream()
                .filter(each -> each.operation().isLock() && !each.allowed())
                .findFirst()
                .orElseThrow();
        JsonObject refusal = new JsonObject(ask(null, row).frame());

        assertThat(refusal.getMap())
                .containsAllEntriesOf(Map.of(
                        "errorCode",
                        -14010,
                        "reason",
                        Rights.REFUSAL,
                        "operation",
                        row.operation().failureName()));
        assertThat(refusal.fieldNames())
                .containsExactlyInAnyOrder("id", "errorCode", "timestamp", "operation", "reason", "retryable");
    }

    private Delivery.Answered ask(CommandBatch.@Nullable Permit permit, RightsMatrix.Row row) throws Exception {
        List<Command> commands = List.of(
                new Command.SessionOnline("s", EPOCH, "alice", bus.address()),
                row.command(new Caller("s", EPOCH, ++requestId)));
        bus.send(
                bus.address(),
                new CommandBatch(
                        0, bus.address(), stream, number++, permit == null ? List.of() : List.of(permit), commands));
        Delivery.Answered answer = answers.poll(20, TimeUnit.SECONDS);
        assertThat(answer).as("an answer").isNotNull();
        assertThat(answer.requestId()).isEqualTo(requestId);
        return answer;
    }

    private static boolean isForbidden(Delivery.Answered answer) {
        return answer.error() == ErrorCode.FORBIDDEN || answer.error() == ErrorCode.STORAGE_FORBIDDEN;
    }

    private static CommandBatch batch(long number, CommandBatch.Permit permit) {
        return new CommandBatch(0, "g", 1, number, List.of(permit), List.of());
    }

    @Override
    public void onDeliveries(DeliveryBatch batch) {
        for (Delivery delivery : batch.deliveries()) {
            if (delivery instanceof Delivery.Answered answered) {
                answers.add(answered);
            }
        }
    }

    @Override
    public void onRefused(CommandBatch.Refused refused) {}

    @Override
    public void onLeads(Leads leads) {}

    @Override
    public void onClaim(Claim claim) {}

    @Override
    public void onEarlyAnswer(int shard, Delivery.Answered answered) {}

    @Override
    public void onYielded(Claim.Yielded yielded) {}

    private static <T> T await(io.vertx.core.Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
}
