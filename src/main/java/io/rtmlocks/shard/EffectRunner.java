// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Described;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.LockTable;
import io.rtmlocks.lock.LockView;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.lock.QueueView;
import io.rtmlocks.wire.ErrorCode;
import io.rtmlocks.wire.FrameWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns the effects of a table into deliveries: frames, written once, gathered for each gateway until {@link #flush}.
 *
 * <p>Confined to the shard's context.
 */
final class EffectRunner implements Effect.Visitor {

    private final int shard;
    private final Interest interest = new Interest();
    private final QueueNotices notices;
    private final Sender sender;
    private final ShardMeters meters;
    private final Map<String, List<Delivery>> pending = new LinkedHashMap<>();

    /** Where sessions are that waited for a lock: those gateways are told before the others. */
    private final Set<String> first = new LinkedHashSet<>();

    private final LossesFirst losses;

    private String origin = "";
    private Command cause = new Command.Tick();
    private Moment now = new Moment(0, 0);
    private long committedNanos;

    /** Takes all deliveries for one gateway, and when the first of them was committed; gives the message, null when there is none. */
    interface Sender {
        @Nullable
        DeliveryBatch send(String gateway, List<Delivery> deliveries, long committedNanos);
    }

    EffectRunner(int shard, LockTable table, ShardMeters meters, Sender sender) {
        this.shard = shard;
        this.sender = sender;
        this.meters = meters;
        this.losses = new LossesFirst(meters::nanos);
        this.notices = new QueueNotices(table, interest, this::queueEvent, this::place);
    }

    Interest interest() {
        return interest;
    }

    /** When there is something to tell though nothing else happens. */
    long nextMillis(long nowMillis) {
        return Math.min(notices.nextMillis(), losses.untilMillis(nowMillis));
    }

    /**
     * @param gateway who gave the command
     * @param moment when it was applied
     * @param effects that it had
     */
    void run(String gateway, Moment moment, Command command, List<Effect> effects) {
        origin = gateway;
        cause = command;
        now = moment;
        for (Effect effect : effects) {
            effect.accept(this);
        }
    }

    /** The session has no right to ask this: answered without a look at the table, in the same words whatever is there. */
    void forbidden(String gateway, Command.Request request, long utcMillis) {
        Caller caller = request.caller();
        ErrorCode error = ErrorCode.FORBIDDEN.in(request.operation());
        String frame =
                FrameWriter.failure(caller.requestId(), utcMillis, request.operation(), error, Rights.REFUSAL, null);
        to(gateway, new Delivery.Answered(caller.sessionId(), caller.requestId(), error, frame, false));
    }

    /** A gateway's news that a connection ended has been applied. */
    void noted(String gateway, String sessionId, long epoch) {
        to(gateway, new Delivery.Noted(shard, sessionId, epoch));
    }

    /** The table does not count the session as online any more, on the word of another gateway: it must be announced anew. */
    void takenForGone(String gateway, String sessionId, long epoch) {
        to(gateway, new Delivery.NotAdmitted(shard, new Caller(sessionId, epoch, 0), epoch, false));
    }

    /** Hands over what has gathered, unless that has to wait. */
    void flush(long nowMillis) {
        notices.tell(nowMillis);
        if (losses.areUnderWay()) {
            return;
        }
        List<String> losers = losses.take();
        for (String gateway : losers) {
            DeliveryBatch batch = losers.size() == 1 ? send(gateway) : sendLosses(gateway);
            if (batch != null) {
                losses.sent(gateway, batch);
            }
        }
        if (!losses.areUnderWay()) {
            List.copyOf(first).forEach(this::send);
            List.copyOf(pending.keySet()).forEach(this::send);
        }
    }

    /** A gateway has told its clients. */
    void told(DeliveryBatch.Told told) {
        losses.told(told);
    }

    private @Nullable DeliveryBatch send(String gateway) {
        first.remove(gateway);
        return send(gateway, pending.remove(gateway));
    }

    private @Nullable DeliveryBatch sendLosses(String gateway) {
        List<Delivery> deliveries = pending.get(gateway);
        return send(gateway, deliveries == null ? null : LossesFirst.takeLosses(deliveries));
    }

    private @Nullable DeliveryBatch send(String gateway, @Nullable List<Delivery> deliveries) {
        return deliveries == null || deliveries.isEmpty() ? null : sender.send(gateway, deliveries, committedNanos);
    }

    private void to(String gateway, Delivery delivery) {
        if (pending.isEmpty()) {
            committedNanos = meters.nanos();
        }
        pending.computeIfAbsent(gateway, key -> new ArrayList<>()).add(delivery);
    }

    @Override
    public void replied(Effect.Replied effect) {
        meters.replied(effect.reply(), now);
        to(effect.gateway(), Delivery.Answered.of(effect, !isTo(cause, effect)));
        if (!effect.gateway().equals(origin)) {
            first.add(effect.gateway());
        }
    }

    private static boolean isTo(Command command, Effect.Replied effect) {
        return command instanceof Command.Request request
                && request.caller().requestId() == effect.requestId()
                && request.caller().sessionId().equals(effect.sessionId());
    }

    @Override
    public void lockLost(Effect.LockLost effect) {
        to(effect.gateway(), new Delivery.Notice(effect.sessionId(), true, FrameWriter.event(effect.loss())));
        losses.add(effect.gateway());
    }

    @Override
    public void snapshotted(Effect.Snapshotted effect) {
        List<String> frames = new ArrayList<>();
        if (effect.withLock()) {
            interest.add(effect.channel(), Delivery.Stream.LOCK, effect.gateway());
            frames.add(FrameWriter.lockSnapshot(effect.channel(), effect.seq(), effect.locks(), effect.utcMillis()));
        }
        if (effect.withStorage()) {
            interest.add(effect.channel(), Delivery.Stream.STORAGE, effect.gateway());
            frames.add(FrameWriter.event(effect.storage()));
        }
        if (effect.withQueue()) {
            interest.add(effect.channel(), Delivery.Stream.QUEUE, effect.gateway());
            (effect.requestId() == 0
                            ? notices.of(
                                    effect.channel(),
                                    effect.locks().stream()
                                            .map(LockView::lockName)
                                            .toList())
                            : notices.current(effect.channel()))
                    .forEach(queue -> frames.add(FrameWriter.event(queue)));
        }
        to(
                effect.gateway(),
                new Delivery.Snapshot(
                        shard, effect.sessionId(), effect.channel(), effect.requestId(), effect.seq(), frames));
    }

    @Override
    public void resumed(Effect.Resumed effect) {
        to(
                effect.gateway(),
                new Delivery.Resumed(
                        shard,
                        effect.sessionId(),
                        effect.epoch(),
                        effect.wasKnown(),
                        effect.highestId(),
                        effect.held(),
                        effect.waiting()));
    }

    @Override
    public void departed(Effect.Departed effect) {
        to(effect.gateway(), new Delivery.Departed(shard, effect.sessionId(), effect.epoch()));
    }

    @Override
    public void notAdmitted(Effect.NotAdmitted effect) {
        boolean isElsewhere = !effect.knownGateway().equals(origin);
        to(origin, new Delivery.NotAdmitted(shard, effect.caller(), effect.knownEpoch(), isElsewhere));
    }

    @Override
    public void takenOver(Effect.TakenOver effect) {
        Caller caller = new Caller(effect.sessionId(), effect.epoch(), 0);
        to(effect.gateway(), new Delivery.NotAdmitted(shard, caller, effect.laterEpoch(), true));
    }

    @Override
    public void published(Effect.Published effect) {
        LockEvent event = effect.event();
        meters.published(event);
        broadcast(event.channel(), Delivery.Stream.LOCK, event.seq(), event);
    }

    @Override
    public void storagePublished(Effect.StoragePublished effect) {
        broadcast(effect.event().channel(), Delivery.Stream.STORAGE, 0, effect.event());
    }

    private void queueEvent(QueueView queue) {
        broadcast(queue.channel(), Delivery.Stream.QUEUE, 0, queue);
    }

    private void broadcast(ChannelKey channel, Delivery.Stream stream, long seq, Described event) {
        Set<String> gateways = interest.of(channel, stream);
        if (gateways.isEmpty()) {
            return;
        }
        Delivery delivery = new Delivery.Event(shard, channel, stream, seq, FrameWriter.event(event));
        for (String gateway : gateways) {
            to(gateway, delivery);
        }
    }

    @Override
    public void placed(Effect.Placed effect) {
        notices.onPlaced(effect.place());
        place(effect.place());
    }

    private void place(QueueView.Place place) {
        to(place.gateway(), new Delivery.Notice(place.sessionId(), false, FrameWriter.event(place)));
    }

    @Override
    public void queueChanged(Effect.QueueChanged effect) {
        notices.onQueueChanged(effect.channel(), effect.lockName());
    }
}
