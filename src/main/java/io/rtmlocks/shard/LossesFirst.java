// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Who lost a lock hears of it before anybody hears of what came after (PROTOCOL.md §5), on whichever nodes they are: until the gateways of
 * the losers have told them, nothing else leaves the shard.
 *
 * <p>A gateway that does not say so in time is not waited for: it is gone, or stands still. That time goes on while the clock of the shard
 * stands still, as it does for long after a pause. Confined to the shard's context.
 */
final class LossesFirst {

    /** Many times a way between nodes, and less than {@link EarlyAnswers} keep quiet. */
    static final long WAIT_MILLIS = 200;

    private static final long NEVER = Long.MAX_VALUE;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Set<String> losers = new LinkedHashSet<>();
    private final Map<String, DeliveryBatch> unconfirmed = new HashMap<>();
    private final LongSupplier nanos;
    private long untilNanos;

    /** @param nanos goes on whatever the shard's clock does; looked at only while somebody is waited for */
    LossesFirst(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** A session of this gateway has lost a lock. */
    void add(String gateway) {
        losers.add(gateway);
    }

    /** @return the gateways that are to be told now, before all others */
    List<String> take() {
        List<String> now = List.copyOf(losers);
        losers.clear();
        return now;
    }

    /**
     * Takes the words of losses out of what is for a gateway, when losers at others are to hear first as well: the rest may be what came
     * after their losses. With them goes what else is for the losers alone, in its order; but how a channel looks does not overtake what
     * has happened there.
     */
    static List<Delivery> takeLosses(List<Delivery> deliveries) {
        Set<String> going = new HashSet<>();
        deliveries.stream().filter(LossesFirst::isLoss).forEach(each -> going.add(each.sessionId()));
        List<Delivery> taken = new ArrayList<>();
        deliveries.removeIf(each -> {
            if (each instanceof Delivery.Snapshot) {
                going.remove(each.sessionId());
            }
            return going.contains(each.sessionId()) && taken.add(each);
        });
        return taken;
    }

    private static boolean isLoss(Delivery delivery) {
        return delivery instanceof Delivery.Notice notice && notice.mustArrive();
    }

    /** This is under way to its gateway. */
    void sent(String gateway, DeliveryBatch batch) {
        unconfirmed.put(gateway, batch);
        untilNanos = nanos.getAsLong() + WAIT_MILLIS * NANOS_PER_MILLI;
    }

    void told(DeliveryBatch.Told told) {
        DeliveryBatch sent = unconfirmed.get(told.gateway());
        if (sent != null && sent.stream() == told.stream() && sent.number() <= told.number()) {
            unconfirmed.remove(told.gateway());
        }
    }

    /** Whether all else has to wait. */
    boolean areUnderWay() {
        if (!unconfirmed.isEmpty() && leftNanos() <= 0) {
            unconfirmed.clear();
        }
        return !unconfirmed.isEmpty();
    }

    /** When nobody is waited for any more, in any case, by a clock that says it is this moment; {@code Long.MAX_VALUE} for nobody. */
    long untilMillis(long nowMillis) {
        return unconfirmed.isEmpty()
                ? NEVER
                : nowMillis + Math.max(0, Math.floorDiv(leftNanos() + NANOS_PER_MILLI - 1, NANOS_PER_MILLI));
    }

    private long leftNanos() {
        return untilNanos - nanos.getAsLong();
    }
}
