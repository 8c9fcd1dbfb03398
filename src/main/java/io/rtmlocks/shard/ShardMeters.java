// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.lock.Rejection;
import io.rtmlocks.lock.Reply;
import io.rtmlocks.telemetry.Counters;
import io.rtmlocks.telemetry.Label;
import io.rtmlocks.telemetry.Limit;
import io.rtmlocks.telemetry.Meters;
import io.rtmlocks.telemetry.Metric;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What the shards of a node count while they lead; all of them share it. */
public final class ShardMeters {

    /** A fencing token is the time of its grant in milliseconds, and so many bits more. */
    private static final int TOKEN_BITS = 10;

    private final Counters<LockEvent.Type> events;
    private final Counters<LockEvent.Cause> handoffs;
    private final Counters<Limit> refusals;
    private final Timer waits;
    private final Timer holds;
    private final Counter gained;
    private final Counter lost;
    private final LongSupplier nanos;

    /** @param nanos the monotonic clock of this process */
    public ShardMeters(Meters meters, LongSupplier nanos) {
        this.nanos = nanos;
        events = meters.counters(Metric.LOCK_EVENTS, LockEvent.Type.class);
        handoffs = meters.counters(Metric.HANDOFFS, LockEvent.Cause.class);
        refusals = meters.counters(Metric.REFUSALS, Limit.class);
        waits = meters.histogram(Metric.WAIT_SECONDS);
        holds = meters.histogram(Metric.HOLD_SECONDS);
        gained = meters.counter(Metric.LEADER_CHANGES, Label.GAINED);
        lost = meters.counter(Metric.LEADER_CHANGES, Label.LOST);
    }

    long nanos() {
        return nanos.getAsLong();
    }

    void leads() {
        gained.increment();
    }

    void leadsNoMore() {
        lost.increment();
    }

    /** An answer that was given before, and is only told again, does not count. */
    void replied(Reply reply, Moment now) {
        if (reply.utcMillis() != now.utcMillis()) {
            return;
        }
        Answer answer = reply.answer();
        Rejection rejection = answer.rejection();
        Limit limit = rejection == null ? null : limitOf(rejection);
        if (limit != null) {
            refusals.increment(limit);
        } else if (answer instanceof Answer.Granted granted && granted.waitedMillis() > 0) {
            waits.record(granted.waitedMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static @Nullable Limit limitOf(Rejection rejection) {
        if (rejection.kind() == Rejection.Kind.METADATA_TOO_LARGE) {
            return Limit.METADATA_BYTES;
        }
        Rejection.Cause cause =
                rejection.detail() == null ? null : rejection.detail().cause();
        if (cause == null) {
            return null;
        }
        return switch (cause) {
            case QUEUE_FULL -> Limit.WAITERS_PER_LOCK;
            case TOO_MANY_LOCKS -> Limit.LOCKS_PER_CHANNEL;
            case TOO_MANY_CHANNELS -> Limit.CHANNELS_PER_SHARD;
            case TOO_MANY_HELD -> Limit.LOCKS_PER_USER;
            case TOO_MANY_WAITS -> Limit.WAITERS_PER_USER;
            case BUSY, TIMEOUT, CANCELLED, UNSUBSCRIBED, LOGOUT, OFFLINE, REMOVED, NO_SUCH_KEY -> null;
        };
    }

    void published(LockEvent event) {
        events.increment(event.type());
        LockEvent.Cause cause = event.cause();
        if (cause == null) {
            return;
        }
        if (event.type() == LockEvent.Type.ACQUIRED) {
            handoffs.increment(cause);
        } else {
            long heldMillis = event.utcMillis() - (event.fencingToken() >> TOKEN_BITS);
            holds.record(Math.max(0, heldMillis), TimeUnit.MILLISECONDS);
        }
    }
}
