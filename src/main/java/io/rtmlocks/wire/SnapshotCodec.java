// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import static io.rtmlocks.wire.AnswerCodec.integer;
import static io.rtmlocks.wire.CommandCodec.channel;

import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.Snapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * The state of a table in binary: for each part its fields in the order of its record, and at the end, session by session, the answers
 * that are remembered. They are most of it, and stay as they are until somebody asks for the bytes.
 */
final class SnapshotCodec {

    private static final LockEvent.Cause[] CAUSES = LockEvent.Cause.values();

    /** An answer takes about as much. */
    private static final int ANSWER_BYTES = 64;

    private SnapshotCodec() {}

    static List<SnapshotPart> write(SnapshotParts parts, Snapshot snapshot) {
        parts.out().number(snapshot.lastIndex()).number(snapshot.lastMillis()).number(snapshot.lastSerial());
        parts.out().one(snapshot.limits(), CommandCodec::limits);
        parts.list(snapshot.channels(), SnapshotCodec::channelState);
        parts.list(snapshot.sessions(), SnapshotCodec::session);
        return parts.endWith(
                snapshot.sessions(),
                SnapshotCodec::answers,
                session -> 1 + session.answers().size() * ANSWER_BYTES);
    }

    static Snapshot read(BinaryReader in) throws BadMessageException {
        long lastIndex = in.number();
        long lastMillis = in.number();
        long lastSerial = in.number();
        Limits limits = CommandCodec.limits(in);
        List<Snapshot.ChannelState> channels = in.list(SnapshotCodec::channelState);
        List<Snapshot.SessionState> sessions = new ArrayList<>();
        for (Snapshot.SessionState session : in.list(SnapshotCodec::session)) {
            sessions.add(session.withAnswers(in.list(SnapshotCodec::remembered)));
        }
        return new Snapshot(lastIndex, lastMillis, lastSerial, limits, channels, sessions);
    }

    private static void channelState(BinaryWriter out, Snapshot.ChannelState state) {
        out.one(state.key(), CommandCodec::channel).number(state.seq()).number(state.lastToken());
        out.number(state.majorRevision()).one(state.items(), AnswerCodec::items);
        out.list(state.locks(), SnapshotCodec::lock);
    }

    private static Snapshot.ChannelState channelState(BinaryReader in) throws BadMessageException {
        return new Snapshot.ChannelState(
                channel(in),
                in.number(),
                in.number(),
                in.number(),
                AnswerCodec.items(in),
                in.list(SnapshotCodec::lock));
    }

    private static void lock(BinaryWriter out, Snapshot.LockState state) {
        out.text(state.name()).number(state.ttlSeconds()).optional(state.ownerSession(), BinaryWriter::text);
        out.number(state.fencingToken()).number(state.sinceUtcMillis()).flag(state.ownerLeftChannel());
        out.optional(state.expiry(), SnapshotCodec::due).list(state.waiters(), SnapshotCodec::waiter);
    }

    private static Snapshot.LockState lock(BinaryReader in) throws BadMessageException {
        return new Snapshot.LockState(
                in.text(),
                integer(in),
                in.optional(BinaryReader::text),
                in.number(),
                in.number(),
                in.flag(),
                in.optional(SnapshotCodec::due),
                in.list(SnapshotCodec::waiter));
    }

    private static void waiter(BinaryWriter out, Snapshot.WaiterState state) {
        out.text(state.session()).number(state.requestId()).one(state.since(), CommandCodec::moment);
        out.flag(state.withPosition()).optional(state.timeout(), SnapshotCodec::due);
        out.optional(state.lapse(), SnapshotCodec::due);
    }

    private static Snapshot.WaiterState waiter(BinaryReader in) throws BadMessageException {
        return new Snapshot.WaiterState(
                in.text(),
                in.number(),
                CommandCodec.moment(in),
                in.flag(),
                in.optional(SnapshotCodec::due),
                in.optional(SnapshotCodec::due));
    }

    private static void due(BinaryWriter out, Snapshot.Due due) {
        out.number(due.millis()).number(due.serial());
    }

    private static Snapshot.Due due(BinaryReader in) throws BadMessageException {
        return new Snapshot.Due(in.number(), in.number());
    }

    private static void session(BinaryWriter out, Snapshot.SessionState state) {
        out.text(state.id()).text(state.userId()).number(state.epoch());
        out.text(state.gateway()).flag(state.online()).optional(state.forgetting(), SnapshotCodec::due);
        out.list(state.holds(), SnapshotCodec::lockRef).list(state.waits(), BinaryWriter::number);
        out.list(state.toldLosses(), SnapshotCodec::loss).list(state.missedLosses(), SnapshotCodec::loss);
        out.list(state.missedReplies(), SnapshotCodec::missedReply);
    }

    private static Snapshot.SessionState session(BinaryReader in) throws BadMessageException {
        return new Snapshot.SessionState(
                in.text(),
                in.text(),
                in.number(),
                in.text(),
                in.flag(),
                in.optional(SnapshotCodec::due),
                List.of(),
                in.list(SnapshotCodec::lockRef),
                in.list(BinaryReader::number),
                in.list(SnapshotCodec::loss),
                in.list(SnapshotCodec::loss),
                in.list(SnapshotCodec::missedReply));
    }

    private static void answers(BinaryWriter out, Snapshot.SessionState state) {
        out.list(state.answers(), SnapshotCodec::remembered);
    }

    private static void remembered(BinaryWriter out, Snapshot.Remembered answer) {
        out.number(answer.requestId()).word(answer.operation()).text(answer.lockName());
        out.number(answer.givenMillis()).one(answer.reply(), AnswerCodec::reply);
    }

    private static Snapshot.Remembered remembered(BinaryReader in) throws BadMessageException {
        return new Snapshot.Remembered(
                in.number(), in.word(CommandCodec.OPERATIONS), in.text(), in.number(), AnswerCodec.reply(in));
    }

    private static void lockRef(BinaryWriter out, Snapshot.LockRef lock) {
        out.one(lock.channel(), CommandCodec::channel).text(lock.lockName());
    }

    private static Snapshot.LockRef lockRef(BinaryReader in) throws BadMessageException {
        return new Snapshot.LockRef(channel(in), in.text());
    }

    private static void loss(BinaryWriter out, Effect.Loss loss) {
        out.one(loss.channel(), CommandCodec::channel).text(loss.lockName());
        out.number(loss.fencingToken()).word(loss.cause()).number(loss.utcMillis());
    }

    private static Effect.Loss loss(BinaryReader in) throws BadMessageException {
        return new Effect.Loss(channel(in), in.text(), in.number(), in.word(CAUSES), in.number());
    }

    private static void missedReply(BinaryWriter out, Snapshot.MissedReply missed) {
        out.number(missed.requestId()).one(missed.reply(), AnswerCodec::reply);
    }

    private static Snapshot.MissedReply missedReply(BinaryReader in) throws BadMessageException {
        return new Snapshot.MissedReply(in.number(), AnswerCodec.reply(in));
    }
}
