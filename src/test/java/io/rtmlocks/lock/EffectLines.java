// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import io.rtmlocks.wire.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Effects as lines for people.
 *
 * <pre>
 * alice &lt;- #3 ok …          the answer to request 3 of the session; a refusal has its number in place of ok
 * alice &lt;- LOCK_LOST …      a word to one session; alice@g2 when its connection is not at gateway g1
 * * ACQUIRED L …            an event for every subscriber
 * ~ queue of L              the queue has changed
 * </pre>
 */
final class EffectLines implements Effect.Visitor {

    private final List<String> lines = new ArrayList<>();
    private final Naming naming;

    private EffectLines(Naming naming) {
        this.naming = naming;
    }

    static List<String> of(List<Effect> effects, Naming naming) {
        EffectLines lines = new EffectLines(naming);
        effects.forEach(effect -> effect.accept(lines));
        return lines.lines;
    }

    private FieldText line(String start) {
        return new FieldText(start, naming);
    }

    private FieldText to(String gateway, String session, String what) {
        return line(session + (gateway.equals(Naming.USUAL_GATEWAY) ? "" : "@" + gateway) + " <- " + what);
    }

    private static FieldText in(FieldText line, ChannelKey channel) {
        return line.text("channel", channel.name())
                .text("channelType", channel.type().name());
    }

    @Override
    public void replied(Effect.Replied effect) {
        Answer answer = effect.reply().answer();
        Rejection rejection = answer.rejection();
        String outcome = rejection == null
                ? "ok"
                : String.valueOf(
                        ErrorCode.of(rejection.kind()).in(operation(answer)).number());
        FieldText line = to(effect.gateway(), effect.sessionId(), "#" + effect.requestId() + " " + outcome);
        answer.describe(line);
        line.number("timestamp", effect.reply().utcMillis());
        lines.addAll(line.lines());
    }

    private static Operation operation(Answer answer) {
        return answer instanceof Answer.Rejected rejected ? rejected.operation() : Operation.PING;
    }

    @Override
    public void lockLost(Effect.LockLost effect) {
        FieldText line = to(effect.gateway(), effect.sessionId(), "LOCK_LOST");
        effect.loss().describe(line);
        lines.addAll(line.lines());
    }

    @Override
    public void snapshotted(Effect.Snapshotted effect) {
        if (effect.withLock()) {
            FieldText line = to(effect.gateway(), effect.sessionId(), "SNAPSHOT");
            in(line, effect.channel()).number("seq", effect.seq()).list("lock", effect.locks());
            lines.addAll(line.lines());
        }
        if (effect.withStorage()) {
            FieldText line = to(effect.gateway(), effect.sessionId(), "storage SNAPSHOT");
            effect.storage().describe(line);
            lines.addAll(line.lines());
        }
        if (effect.withQueue()) {
            lines.add(to(effect.gateway(), effect.sessionId(), "will see queues")
                    .lines()
                    .get(0));
        }
    }

    @Override
    public void resumed(Effect.Resumed effect) {
        FieldText line = to(effect.gateway(), effect.sessionId(), "here");
        line.number("epoch", effect.epoch());
        if (!effect.held().isEmpty()) {
            line.list("held", effect.held());
        }
        if (!effect.waiting().isEmpty()) {
            line.list("waiting", effect.waiting());
        }
        lines.addAll(line.lines());
    }

    @Override
    public void departed(Effect.Departed effect) {
        lines.addAll(to(effect.gateway(), effect.sessionId(), "departed")
                .number("epoch", effect.epoch())
                .lines());
    }

    @Override
    public void notAdmitted(Effect.NotAdmitted effect) {
        Caller caller = effect.caller();
        lines.addAll(line("not admitted: " + caller.sessionId() + " #" + caller.requestId())
                .number("epoch", caller.epoch())
                .lines());
    }

    @Override
    public void takenOver(Effect.TakenOver effect) {
        lines.addAll(to(effect.gateway(), effect.sessionId(), "taken over")
                .number("epoch", effect.epoch())
                .number("later", effect.laterEpoch())
                .lines());
    }

    @Override
    public void published(Effect.Published effect) {
        FieldText line = line("* " + effect.event().type());
        effect.event().describe(line);
        lines.addAll(line.lines());
    }

    @Override
    public void storagePublished(Effect.StoragePublished effect) {
        FieldText line = line("* storage UPDATE");
        effect.event().describe(line);
        lines.addAll(line.lines());
    }

    @Override
    public void placed(Effect.Placed effect) {
        addPlace(effect.place());
    }

    private void addPlace(QueueView.Place place) {
        FieldText line = to(place.gateway(), place.sessionId(), "WAITING");
        place.describe(line);
        lines.addAll(line.lines());
    }

    /** What the host would tell about this queue. */
    static List<String> of(QueueView queue, Naming naming) {
        EffectLines lines = new EffectLines(naming);
        FieldText line = lines.line("* QUEUE");
        queue.describe(line);
        lines.lines.addAll(line.lines());
        queue.places().forEach(lines::addPlace);
        return lines.lines;
    }

    @Override
    public void queueChanged(Effect.QueueChanged effect) {
        lines.addAll(
                in(line("~ queue of " + effect.lockName()), effect.channel()).lines());
    }
}
