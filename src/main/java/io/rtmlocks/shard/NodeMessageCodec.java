// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.LockView;
import io.rtmlocks.telemetry.LogEvent;
import io.rtmlocks.wire.BadMessageException;
import io.rtmlocks.wire.BinaryReader;
import io.rtmlocks.wire.BinaryWriter;
import io.rtmlocks.wire.CommandCodec;
import io.rtmlocks.wire.ErrorCode;
import io.rtmlocks.wire.NodeCodec;
import io.rtmlocks.wire.OneOf;
import io.vertx.core.eventbus.Message;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages between nodes, in binary.
 *
 * <p>What cannot be understood is dropped and counted.
 */
final class NodeMessageCodec {

    private static final Logger LOG = LoggerFactory.getLogger(NodeMessageCodec.class);
    private static final int KIND = 3;
    private static final LongAdder DROPPED = new LongAdder();
    private static final ErrorCode[] ERRORS = ErrorCode.values();
    private static final Delivery.Stream[] STREAMS = Delivery.Stream.values();

    private static final OneOf<NodeMessage> SINGLE = single();

    /** What travels together travels in one wrapping only: whatever comes, its depth is bounded. */
    private static final OneOf<NodeMessage> MESSAGES = single().with(
                    10,
                    Bundle.class,
                    (out, bundle) -> out.list(bundle.messages(), SINGLE::write),
                    in -> new Bundle(in.list(SINGLE::read)));

    private static final OneOf<Delivery> DELIVERIES = new OneOf<Delivery>()
            .with(1, Delivery.Answered.class, NodeMessageCodec::answered, NodeMessageCodec::answered)
            .with(2, Delivery.Notice.class, NodeMessageCodec::notice, NodeMessageCodec::notice)
            .with(3, Delivery.Snapshot.class, NodeMessageCodec::snapshot, NodeMessageCodec::snapshot)
            .with(4, Delivery.Event.class, NodeMessageCodec::event, NodeMessageCodec::event)
            .with(5, Delivery.Resumed.class, NodeMessageCodec::resumed, NodeMessageCodec::resumed)
            .with(6, Delivery.Departed.class, NodeMessageCodec::departed, NodeMessageCodec::departed)
            .with(7, Delivery.NotAdmitted.class, NodeMessageCodec::notAdmitted, NodeMessageCodec::notAdmitted)
            .with(8, Delivery.Noted.class, NodeMessageCodec::noted, NodeMessageCodec::noted);

    private static OneOf<NodeMessage> single() {
        return new OneOf<NodeMessage>()
                .with(1, CommandBatch.class, NodeMessageCodec::commands, NodeMessageCodec::commands)
                .with(2, CommandBatch.Disinterest.class, NodeMessageCodec::disinterest, NodeMessageCodec::disinterest)
                .with(3, CommandBatch.Refused.class, NodeMessageCodec::refused, NodeMessageCodec::refused)
                .with(4, DeliveryBatch.class, NodeMessageCodec::deliveries, NodeMessageCodec::deliveries)
                .with(5, Leads.class, NodeMessageCodec::leads, NodeMessageCodec::leads)
                .with(6, ReplicaMessage.class, NodeMessageCodec::replica, NodeMessageCodec::replica)
                .with(7, PeerMessage.class, (out, peer) -> out.bytes(peer.bytes()), in -> new PeerMessage(in.bytes()))
                .with(8, Claim.class, NodeMessageCodec::claim, NodeMessageCodec::claim)
                .with(9, Claim.Yielded.class, NodeMessageCodec::yielded, NodeMessageCodec::yielded)
                .with(11, DeliveryBatch.Told.class, NodeMessageCodec::told, NodeMessageCodec::told);
    }

    private NodeMessageCodec() {}

    /** How many messages were no messages. */
    static long dropped() {
        return DROPPED.sum();
    }

    static byte[] encode(NodeMessage message) {
        BinaryWriter out = NodeCodec.begin(KIND);
        MESSAGES.write(out, message);
        return out.toBytes();
    }

    static NodeMessage decode(byte[] bytes) throws BadMessageException {
        BinaryReader in = NodeCodec.open(bytes, KIND);
        NodeMessage message = MESSAGES.read(in);
        in.end();
        return message;
    }

    /** What came, of whatever type; it may be an object that cannot, or must not, be read. */
    static NodeMessage understood(Message<Object> message) {
        try {
            if (message.body() instanceof byte[] bytes) {
                return decode(bytes);
            }
        } catch (BadMessageException | RuntimeException e) {
            LogEvent.MESSAGE_UNREADABLE.on(LOG).setCause(e).log();
        }
        DROPPED.increment();
        return Dropped.MESSAGE;
    }

    /** In the place of what could not be understood. */
    enum Dropped implements NodeMessage {
        MESSAGE;

        @Override
        public void receivedBy(NodeBus bus) {}
    }

    private static int integer(BinaryReader in) throws BadMessageException {
        return in.number(0, Integer.MAX_VALUE);
    }

    private static void commands(BinaryWriter out, CommandBatch batch) {
        out.number(batch.shard()).text(batch.gateway()).number(batch.stream()).number(batch.number());
        out.list(batch.permits(), NodeMessageCodec::permit);
        out.list(batch.commands(), CommandCodec::write);
    }

    private static void permit(BinaryWriter out, CommandBatch.Permit permit) {
        List<String> lines = permit.rights().lines();
        out.text(permit.sessionId()).number(permit.epoch()).flag(lines == null);
        out.list(lines == null ? List.of() : lines, BinaryWriter::text);
    }

    private static CommandBatch.Permit permit(BinaryReader in) throws BadMessageException {
        String sessionId = in.text();
        long epoch = in.number();
        boolean isForAll = in.flag();
        List<String> lines = in.list(BinaryReader::text);
        return new CommandBatch.Permit(sessionId, epoch, isForAll ? Rights.ALL : rights(lines));
    }

    private static Rights rights(List<String> lines) throws BadMessageException {
        try {
            return Rights.of(lines);
        } catch (IllegalArgumentException e) {
            throw new BadMessageException(String.valueOf(e.getMessage()));
        }
    }

    private static CommandBatch commands(BinaryReader in) throws BadMessageException {
        return new CommandBatch(
                integer(in),
                in.text(),
                in.number(),
                in.number(),
                in.list(NodeMessageCodec::permit),
                in.list(CommandCodec::read));
    }

    private static void disinterest(BinaryWriter out, CommandBatch.Disinterest message) {
        CommandCodec.channel(out.number(message.shard()).text(message.gateway()), message.channel());
    }

    private static CommandBatch.Disinterest disinterest(BinaryReader in) throws BadMessageException {
        return new CommandBatch.Disinterest(integer(in), in.text(), CommandCodec.channel(in));
    }

    private static void refused(BinaryWriter out, CommandBatch.Refused message) {
        out.number(message.shard()).number(message.stream()).number(message.number());
    }

    private static CommandBatch.Refused refused(BinaryReader in) throws BadMessageException {
        return new CommandBatch.Refused(integer(in), in.number(), in.number());
    }

    private static void deliveries(BinaryWriter out, DeliveryBatch batch) {
        out.number(batch.shard()).number(batch.stream()).number(batch.number());
        out.list(batch.deliveries(), DELIVERIES::write);
    }

    private static DeliveryBatch deliveries(BinaryReader in) throws BadMessageException {
        return new DeliveryBatch(integer(in), in.number(), in.number(), in.list(DELIVERIES::read));
    }

    private static void told(BinaryWriter out, DeliveryBatch.Told told) {
        out.number(told.shard()).text(told.gateway()).number(told.stream()).number(told.number());
    }

    private static DeliveryBatch.Told told(BinaryReader in) throws BadMessageException {
        return new DeliveryBatch.Told(integer(in), in.text(), in.number(), in.number());
    }

    private static void leads(BinaryWriter out, Leads leads) {
        out.number(leads.shard()).text(leads.charter()).number(leads.term()).text(leads.leader());
        out.list(
                leads.lines(),
                (to, line) -> to.text(line.gateway())
                        .number(line.stream())
                        .number(line.heard())
                        .number(line.said()));
    }

    private static Leads leads(BinaryReader in) throws BadMessageException {
        return new Leads(
                integer(in),
                in.text(),
                integer(in),
                in.text(),
                in.list(from -> new Leads.Line(from.text(), from.number(), from.number(), from.number())));
    }

    private static void replica(BinaryWriter out, ReplicaMessage message) {
        out.number(message.shard()).bytes(message.bytes());
    }

    private static ReplicaMessage replica(BinaryReader in) throws BadMessageException {
        return new ReplicaMessage(integer(in), in.bytes());
    }

    private static void claim(BinaryWriter out, Claim claim) {
        out.text(claim.sessionId()).number(claim.logins()).text(claim.gateway());
    }

    private static Claim claim(BinaryReader in) throws BadMessageException {
        return new Claim(in.text(), in.number(), in.text());
    }

    private static void yielded(BinaryWriter out, Claim.Yielded yielded) {
        out.text(yielded.sessionId()).number(yielded.logins()).flag(yielded.wasKnown());
        out.list(yielded.heard(), BinaryWriter::text);
    }

    private static Claim.Yielded yielded(BinaryReader in) throws BadMessageException {
        return new Claim.Yielded(in.text(), in.number(), in.flag(), in.list(BinaryReader::text));
    }

    private static void answered(BinaryWriter out, Delivery.Answered delivery) {
        out.text(delivery.sessionId()).number(delivery.requestId());
        out.optional(delivery.error(), BinaryWriter::word)
                .text(delivery.frame())
                .flag(delivery.late());
    }

    private static Delivery.Answered answered(BinaryReader in) throws BadMessageException {
        return new Delivery.Answered(
                in.text(), in.number(), in.optional(code -> code.word(ERRORS)), in.text(), in.flag());
    }

    private static void notice(BinaryWriter out, Delivery.Notice delivery) {
        out.text(delivery.sessionId()).flag(delivery.mustArrive()).text(delivery.frame());
    }

    private static Delivery.Notice notice(BinaryReader in) throws BadMessageException {
        return new Delivery.Notice(in.text(), in.flag(), in.text());
    }

    private static void snapshot(BinaryWriter out, Delivery.Snapshot delivery) {
        CommandCodec.channel(out.number(delivery.shard()).text(delivery.sessionId()), delivery.channel());
        out.number(delivery.requestId()).number(delivery.seq()).list(delivery.frames(), BinaryWriter::text);
    }

    private static Delivery.Snapshot snapshot(BinaryReader in) throws BadMessageException {
        return new Delivery.Snapshot(
                integer(in),
                in.text(),
                CommandCodec.channel(in),
                in.number(),
                in.number(),
                in.list(BinaryReader::text));
    }

    private static void event(BinaryWriter out, Delivery.Event delivery) {
        CommandCodec.channel(out.number(delivery.shard()), delivery.channel());
        out.word(delivery.stream()).number(delivery.seq()).text(delivery.frame());
    }

    private static Delivery.Event event(BinaryReader in) throws BadMessageException {
        return new Delivery.Event(integer(in), CommandCodec.channel(in), in.word(STREAMS), in.number(), in.text());
    }

    private static void resumed(BinaryWriter out, Delivery.Resumed delivery) {
        out.number(delivery.shard()).text(delivery.sessionId()).number(delivery.epoch());
        out.flag(delivery.wasKnown()).number(delivery.highestId());
        out.list(delivery.held(), (to, held) -> {
            CommandCodec.channel(to, held.channel());
            to.text(held.lockName()).number(held.fencingToken());
        });
        out.list(delivery.waiting(), (to, waiting) -> {
            CommandCodec.channel(to, waiting.channel());
            to.text(waiting.lockName()).number(waiting.requestId()).number(waiting.position());
        });
    }

    private static Delivery.Resumed resumed(BinaryReader in) throws BadMessageException {
        return new Delivery.Resumed(
                integer(in),
                in.text(),
                in.number(),
                in.flag(),
                in.number(),
                in.list(from -> new LockView.Held(CommandCodec.channel(from), from.text(), from.number())),
                in.list(from ->
                        new LockView.Waiting(CommandCodec.channel(from), from.text(), from.number(), integer(from))));
    }

    private static void departed(BinaryWriter out, Delivery.Departed delivery) {
        out.number(delivery.shard()).text(delivery.sessionId()).number(delivery.epoch());
    }

    private static Delivery.Departed departed(BinaryReader in) throws BadMessageException {
        return new Delivery.Departed(integer(in), in.text(), in.number());
    }

    private static void notAdmitted(BinaryWriter out, Delivery.NotAdmitted delivery) {
        Caller caller = delivery.caller();
        out.number(delivery.shard()).text(caller.sessionId()).number(caller.epoch());
        out.number(caller.requestId()).number(delivery.knownEpoch()).flag(delivery.elsewhere());
    }

    private static Delivery.NotAdmitted notAdmitted(BinaryReader in) throws BadMessageException {
        return new Delivery.NotAdmitted(
                integer(in), new Caller(in.text(), in.number(), in.number()), in.number(), in.flag());
    }

    private static void noted(BinaryWriter out, Delivery.Noted delivery) {
        out.number(delivery.shard()).text(delivery.sessionId()).number(delivery.epoch());
    }

    private static Delivery.Noted noted(BinaryReader in) throws BadMessageException {
        return new Delivery.Noted(integer(in), in.text(), in.number());
    }
}
