// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.rtmlocks.lock.Operation;
import io.rtmlocks.shard.Delivery;
import io.rtmlocks.telemetry.Counters;
import io.rtmlocks.telemetry.Label;
import io.rtmlocks.telemetry.Limit;
import io.rtmlocks.telemetry.LoginResult;
import io.rtmlocks.telemetry.Meters;
import io.rtmlocks.telemetry.Metric;
import io.rtmlocks.wire.ErrorCode;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What a gateway counts. Everything is looked up once, before or when it first happens. */
final class GatewayMeters {

    private final Meters meters;
    private final LongSupplier nanos;
    private final Counter opened;
    private final Map<Short, Counter> closed = new HashMap<>();
    private final Counter closedByPeer;
    private final Counter framesIn;
    private final Counter framesOut;
    private final Counter bytesIn;
    private final Counter bytesOut;
    private final Counter snapshotsRenewed;
    private final Counter fellBehind;
    private final Counter slowConsumerCuts;
    private final Timer eventDelivery;

    /** By operation and error; for a request without an operation by error alone. */
    private final Map<Operation, Results> results = new EnumMap<>(Operation.class);

    private final Results resultsOfNone = new Results(Label.NONE);
    private final Map<Operation, Timer> latencies = new EnumMap<>(Operation.class);
    private final Counters<LoginResult> logins;
    private final Counters<Limit> refusals;
    private final Counters<Delivery.Stream> delivered;

    /** @param nanos the monotonic clock of this process, the same as that of its shards */
    GatewayMeters(Meters meters, LongSupplier nanos) {
        this.meters = meters;
        this.nanos = nanos;
        opened = meters.counter(Metric.CONNECTIONS_OPENED);
        for (String code : Label.CLOSE_CODE.words()) {
            if (!code.equals(Label.PEER)) {
                closed.put(Short.valueOf(code), meters.counter(Metric.CONNECTIONS_CLOSED, code));
            }
        }
        closedByPeer = meters.counter(Metric.CONNECTIONS_CLOSED, Label.PEER);
        framesIn = meters.counter(Metric.FRAMES, Label.IN);
        framesOut = meters.counter(Metric.FRAMES, Label.OUT);
        bytesIn = meters.counter(Metric.FRAME_BYTES, Label.IN);
        bytesOut = meters.counter(Metric.FRAME_BYTES, Label.OUT);
        snapshotsRenewed = meters.counter(Metric.SNAPSHOTS_RENEWED);
        fellBehind = meters.counter(Metric.FELL_BEHIND);
        slowConsumerCuts = meters.counter(Metric.SLOW_CONSUMER_CUTS);
        eventDelivery = meters.histogram(Metric.EVENT_DELIVERY_SECONDS);
        for (Operation operation : Operation.values()) {
            results.put(operation, new Results(operation.op()));
        }
        for (Operation operation : EnumSet.range(Operation.SUBSCRIBE, Operation.GET_METADATA)) {
            latencies.put(operation, meters.histogram(Metric.COMMAND_SECONDS, operation.op()));
        }
        logins = meters.counters(Metric.LOGINS, LoginResult.class);
        refusals = meters.counters(Metric.REFUSALS, Limit.class);
        delivered = meters.counters(Metric.EVENTS_DELIVERED, Delivery.Stream.class);
    }

    /** For how long something took. */
    long nanos() {
        return nanos.getAsLong();
    }

    void opened() {
        opened.increment();
    }

    /** A connection was closed from here. */
    void closed(short code) {
        closed.getOrDefault(code, closedByPeer).increment();
    }

    /** A connection ended, though it was not closed from here. */
    void closedByPeer() {
        closedByPeer.increment();
    }

    void frameIn(int bytes) {
        framesIn.increment();
        bytesIn.increment(bytes);
    }

    void frameOut(String frame) {
        framesOut.increment();
        bytesOut.increment(frame.length());
    }

    /**
     * A request was answered.
     *
     * @param operation null when it named none
     * @param error null for success
     */
    void answered(@Nullable Operation operation, @Nullable ErrorCode error) {
        Results of = operation == null ? resultsOfNone : Objects.requireNonNull(results.get(operation));
        if (error == null) {
            of.successes().increment();
        } else {
            of.failures(error).increment();
        }
    }

    /** A shard answered a request that does not wait, this long after it came. */
    void took(Operation operation, long nanos) {
        Objects.requireNonNull(latencies.get(operation)).record(nanos, TimeUnit.NANOSECONDS);
    }

    void login(LoginResult result) {
        logins.increment(result);
    }

    void refused(Limit limit) {
        refusals.increment(limit);
    }

    void cutForSlowness() {
        slowConsumerCuts.increment();
        refused(Limit.QUEUED_BYTES);
    }

    void fellBehind() {
        fellBehind.increment();
    }

    void snapshotRenewed() {
        snapshotsRenewed.increment();
    }

    /** An event was written to so many sockets. */
    void delivered(Delivery.Stream stream, int sockets) {
        delivered.increment(stream, sockets);
    }

    /** Events were written to the last socket, this long after their commit. */
    void deliveryTook(long nanos) {
        eventDelivery.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** How often which answer was given to an operation; most of the answers never are. */
    private final class Results {
        private final String op;
        private final Map<ErrorCode, Counter> failures = new EnumMap<>(ErrorCode.class);
        private @Nullable Counter successes;

        Results(String op) {
            this.op = op;
        }

        Counter successes() {
            Counter counter = successes;
            if (counter == null) {
                counter = meters.counter(Metric.COMMANDS, op, Label.SUCCESS);
                successes = counter;
            }
            return counter;
        }

        Counter failures(ErrorCode error) {
            Counter counter = failures.get(error);
            if (counter == null) {
                counter = meters.counter(Metric.COMMANDS, op, String.valueOf(error.number()));
                failures.put(error, counter);
            }
            return counter;
        }
    }
}
