// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import static io.rtmlocks.wire.CommandCodec.channel;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.LockView;
import io.rtmlocks.lock.Metadata;
import io.rtmlocks.lock.Rejection;
import io.rtmlocks.lock.Reply;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Answers in binary: for each its fields in the order of its record. */
final class AnswerCodec {

    private static final Rejection.Kind[] KINDS = Rejection.Kind.values();
    private static final Rejection.Cause[] CAUSES = Rejection.Cause.values();

    static final OneOf<Answer> ANSWERS = new OneOf<Answer>()
            .with(1, Answer.LockSet.class, AnswerCodec::lockSet, AnswerCodec::lockSet)
            .with(2, Answer.Granted.class, AnswerCodec::granted, AnswerCodec::granted)
            .with(3, Answer.Cancelled.class, AnswerCodec::cancelled, AnswerCodec::cancelled)
            .with(4, Answer.Released.class, AnswerCodec::released, AnswerCodec::released)
            .with(5, Answer.Revoked.class, AnswerCodec::revoked, AnswerCodec::revoked)
            .with(6, Answer.Removed.class, AnswerCodec::removed, AnswerCodec::removed)
            .with(7, Answer.Locks.class, AnswerCodec::locks, AnswerCodec::locks)
            .with(8, Answer.Written.class, AnswerCodec::written, AnswerCodec::written)
            .with(9, Answer.Stored.class, AnswerCodec::stored, AnswerCodec::stored)
            .with(10, Answer.Subscribed.class, AnswerCodec::subscribed, AnswerCodec::subscribed)
            .with(11, Answer.Unsubscribed.class, AnswerCodec::unsubscribed, AnswerCodec::unsubscribed)
            .with(12, Answer.Rejected.class, AnswerCodec::rejected, AnswerCodec::rejected);

    private AnswerCodec() {}

    static void reply(BinaryWriter out, Reply reply) {
        out.number(reply.utcMillis());
        ANSWERS.write(out, reply.answer());
    }

    static Reply reply(BinaryReader in) throws BadMessageException {
        return new Reply(in.number(), ANSWERS.read(in));
    }

    private static BinaryWriter where(BinaryWriter out, Answer answer) {
        return out.one(answer.channel(), CommandCodec::channel);
    }

    private static void lockSet(BinaryWriter out, Answer.LockSet answer) {
        where(out, answer).text(answer.lockName()).number(answer.ttlSeconds());
    }

    private static Answer.LockSet lockSet(BinaryReader in) throws BadMessageException {
        return new Answer.LockSet(channel(in), in.text(), integer(in));
    }

    private static void granted(BinaryWriter out, Answer.Granted answer) {
        where(out, answer).text(answer.lockName()).text(answer.owner());
        out.number(answer.ttlSeconds()).number(answer.fencingToken()).number(answer.waitedMillis());
    }

    private static Answer.Granted granted(BinaryReader in) throws BadMessageException {
        return new Answer.Granted(channel(in), in.text(), in.text(), integer(in), in.number(), in.number());
    }

    private static void cancelled(BinaryWriter out, Answer.Cancelled answer) {
        where(out, answer).text(answer.lockName()).flag(answer.cancelled());
    }

    private static Answer.Cancelled cancelled(BinaryReader in) throws BadMessageException {
        return new Answer.Cancelled(channel(in), in.text(), in.flag());
    }

    private static void released(BinaryWriter out, Answer.Released answer) {
        where(out, answer).text(answer.lockName());
    }

    private static Answer.Released released(BinaryReader in) throws BadMessageException {
        return new Answer.Released(channel(in), in.text());
    }

    private static void revoked(BinaryWriter out, Answer.Revoked answer) {
        where(out, answer).text(answer.lockName()).text(answer.owner());
    }

    private static Answer.Revoked revoked(BinaryReader in) throws BadMessageException {
        return new Answer.Revoked(channel(in), in.text(), in.text());
    }

    private static void removed(BinaryWriter out, Answer.Removed answer) {
        where(out, answer).text(answer.lockName());
    }

    private static Answer.Removed removed(BinaryReader in) throws BadMessageException {
        return new Answer.Removed(channel(in), in.text());
    }

    private static void locks(BinaryWriter out, Answer.Locks answer) {
        where(out, answer).number(answer.seq()).list(answer.locks(), AnswerCodec::view);
    }

    private static Answer.Locks locks(BinaryReader in) throws BadMessageException {
        return new Answer.Locks(channel(in), in.number(), in.list(AnswerCodec::view));
    }

    private static void view(BinaryWriter out, LockView view) {
        out.text(view.lockName()).text(view.owner()).number(view.ttlSeconds());
        out.number(view.fencingToken()).number(view.sinceUtcMillis()).flag(view.ownerOnline());
        out.number(view.waiters());
        out.optional(view.queue(), (o, queue) -> o.list(queue, AnswerCodec::waiter));
    }

    private static LockView view(BinaryReader in) throws BadMessageException {
        return new LockView(
                in.text(),
                in.text(),
                integer(in),
                in.number(),
                in.number(),
                in.flag(),
                integer(in),
                in.optional(i -> i.list(AnswerCodec::waiter)));
    }

    private static void waiter(BinaryWriter out, LockView.WaiterView waiter) {
        out.text(waiter.userId()).number(waiter.sinceUtcMillis()).flag(waiter.online());
    }

    private static LockView.WaiterView waiter(BinaryReader in) throws BadMessageException {
        return new LockView.WaiterView(in.text(), in.number(), in.flag());
    }

    private static void written(BinaryWriter out, Answer.Written answer) {
        where(out, answer).number(answer.totalCount()).number(answer.majorRevision());
        map(out, answer.written(), AnswerCodec::revision);
    }

    private static Answer.Written written(BinaryReader in) throws BadMessageException {
        return new Answer.Written(channel(in), integer(in), in.number(), map(in, AnswerCodec::revision));
    }

    private static void stored(BinaryWriter out, Answer.Stored answer) {
        where(out, answer).number(answer.totalCount()).number(answer.majorRevision());
        items(out, answer.items());
    }

    private static Answer.Stored stored(BinaryReader in) throws BadMessageException {
        return new Answer.Stored(channel(in), integer(in), in.number(), items(in));
    }

    static void items(BinaryWriter out, Map<String, Metadata.Item> items) {
        map(out, items, AnswerCodec::item);
    }

    static Map<String, Metadata.Item> items(BinaryReader in) throws BadMessageException {
        return map(in, AnswerCodec::item);
    }

    private static void item(BinaryWriter out, Metadata.Item item) {
        out.text(item.value()).one(item.revision(), AnswerCodec::revision);
    }

    private static Metadata.Item item(BinaryReader in) throws BadMessageException {
        return new Metadata.Item(in.text(), revision(in));
    }

    private static void revision(BinaryWriter out, Metadata.Revision revision) {
        out.number(revision.revision()).number(revision.updatedUtcMillis()).text(revision.author());
    }

    private static Metadata.Revision revision(BinaryReader in) throws BadMessageException {
        return new Metadata.Revision(in.number(), in.number(), in.text());
    }

    private static <V> void map(BinaryWriter out, Map<String, V> map, BinaryWriter.Writing<V> writing) {
        out.list(map.entrySet(), (o, entry) -> o.text(entry.getKey()).one(entry.getValue(), writing));
    }

    private static <V> Map<String, V> map(BinaryReader in, BinaryReader.Reading<V> reading) throws BadMessageException {
        Map<String, V> map = new LinkedHashMap<>();
        in.list(i -> map.put(i.text(), reading.read(i)));
        return Collections.unmodifiableMap(map);
    }

    private static void subscribed(BinaryWriter out, Answer.Subscribed answer) {
        where(out, answer).number(answer.seq());
    }

    private static Answer.Subscribed subscribed(BinaryReader in) throws BadMessageException {
        return new Answer.Subscribed(channel(in), in.number());
    }

    private static void unsubscribed(BinaryWriter out, Answer.Unsubscribed answer) {
        where(out, answer);
    }

    private static Answer.Unsubscribed unsubscribed(BinaryReader in) throws BadMessageException {
        return new Answer.Unsubscribed(channel(in));
    }

    private static void rejected(BinaryWriter out, Answer.Rejected answer) {
        out.word(answer.operation());
        where(out, answer).text(answer.lockName()).one(answer.rejection(), AnswerCodec::rejection);
    }

    private static Answer.Rejected rejected(BinaryReader in) throws BadMessageException {
        return new Answer.Rejected(in.word(CommandCodec.OPERATIONS), channel(in), in.text(), rejection(in));
    }

    private static void rejection(BinaryWriter out, Rejection rejection) {
        out.word(rejection.kind()).text(rejection.reason()).optional(rejection.detail(), AnswerCodec::detail);
    }

    private static Rejection rejection(BinaryReader in) throws BadMessageException {
        return new Rejection(in.word(KINDS), in.text(), in.optional(AnswerCodec::detail));
    }

    private static void detail(BinaryWriter out, Rejection.Detail detail) {
        out.optional(detail.cause(), BinaryWriter::word).optional(detail.holder(), AnswerCodec::holder);
        out.optional(detail.key(), BinaryWriter::text);
    }

    private static Rejection.Detail detail(BinaryReader in) throws BadMessageException {
        return new Rejection.Detail(
                in.optional(i -> i.word(CAUSES)), in.optional(AnswerCodec::holder), in.optional(BinaryReader::text));
    }

    private static void holder(BinaryWriter out, Rejection.Holder holder) {
        out.text(holder.owner()).number(holder.sinceUtcMillis()).number(holder.waiters());
    }

    private static Rejection.Holder holder(BinaryReader in) throws BadMessageException {
        return new Rejection.Holder(in.text(), in.number(), integer(in));
    }

    static int integer(BinaryReader in) throws BadMessageException {
        return in.number(Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
}
