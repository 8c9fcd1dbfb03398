// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import static io.rtmlocks.wire.AnswerCodec.integer;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.Metadata;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.lock.Operation;

/** Commands in binary: for each its fields in the order of its record. */
public final class CommandCodec {

    static final ChannelType[] CHANNEL_TYPES = ChannelType.values();
    static final Operation[] OPERATIONS = Operation.values();

    static final OneOf<Command> COMMANDS = new OneOf<Command>()
            .with(1, Command.SetLock.class, CommandCodec::setLock, CommandCodec::setLock)
            .with(2, Command.AcquireLock.class, CommandCodec::acquireLock, CommandCodec::acquireLock)
            .with(3, Command.CancelAcquire.class, CommandCodec::cancelAcquire, CommandCodec::cancelAcquire)
            .with(4, Command.ReleaseLock.class, CommandCodec::releaseLock, CommandCodec::releaseLock)
            .with(5, Command.RevokeLock.class, CommandCodec::revokeLock, CommandCodec::revokeLock)
            .with(6, Command.RemoveLock.class, CommandCodec::removeLock, CommandCodec::removeLock)
            .with(7, Command.GetLock.class, CommandCodec::getLock, CommandCodec::getLock)
            .with(8, Command.WriteMetadata.class, CommandCodec::writeMetadata, CommandCodec::writeMetadata)
            .with(9, Command.GetMetadata.class, CommandCodec::getMetadata, CommandCodec::getMetadata)
            .with(10, Command.Subscribe.class, CommandCodec::subscribe, CommandCodec::subscribe)
            .with(11, Command.Unsubscribe.class, CommandCodec::unsubscribe, CommandCodec::unsubscribe)
            .with(12, Command.SessionOnline.class, CommandCodec::sessionOnline, CommandCodec::sessionOnline)
            .with(13, Command.SessionOffline.class, CommandCodec::sessionOffline, CommandCodec::sessionOffline)
            .with(14, Command.SessionGone.class, CommandCodec::sessionGone, CommandCodec::sessionGone)
            .with(15, Command.Tick.class, (out, tick) -> {}, in -> new Command.Tick())
            .with(16, Command.LeaderChanged.class, CommandCodec::leaderChanged, CommandCodec::leaderChanged);

    private CommandCodec() {}

    public static void write(BinaryWriter out, Command command) {
        COMMANDS.write(out, command);
    }

    public static Command read(BinaryReader in) throws BadMessageException {
        return COMMANDS.read(in);
    }

    public static void moment(BinaryWriter out, Moment moment) {
        out.number(moment.utcMillis()).number(moment.monotonicMillis());
    }

    public static Moment moment(BinaryReader in) throws BadMessageException {
        return new Moment(in.number(), in.number());
    }

    public static void channel(BinaryWriter out, ChannelKey channel) {
        out.word(channel.type()).text(channel.name());
    }

    public static ChannelKey channel(BinaryReader in) throws BadMessageException {
        return new ChannelKey(in.word(CHANNEL_TYPES), in.text());
    }

    /** How every request begins. */
    private static BinaryWriter request(BinaryWriter out, Command.Request request) {
        Caller caller = request.caller();
        out.text(caller.sessionId()).number(caller.epoch()).number(caller.requestId());
        return out.one(request.channel(), CommandCodec::channel);
    }

    private static Caller caller(BinaryReader in) throws BadMessageException {
        return new Caller(in.text(), in.number(), in.number());
    }

    private static void setLock(BinaryWriter out, Command.SetLock command) {
        request(out, command).text(command.lockName()).number(command.ttlSeconds());
        out.flag(command.keepExisting());
    }

    private static Command.SetLock setLock(BinaryReader in) throws BadMessageException {
        return new Command.SetLock(caller(in), channel(in), in.text(), in.number(), in.flag());
    }

    private static void acquireLock(BinaryWriter out, Command.AcquireLock command) {
        request(out, command).text(command.lockName()).flag(command.retry());
        out.number(command.timeoutMillis()).flag(command.withPosition());
        out.flag(command.create()).number(command.ttlSeconds());
    }

    private static Command.AcquireLock acquireLock(BinaryReader in) throws BadMessageException {
        return new Command.AcquireLock(
                caller(in), channel(in), in.text(), in.flag(), in.number(), in.flag(), in.flag(), in.number());
    }

    private static void cancelAcquire(BinaryWriter out, Command.CancelAcquire command) {
        request(out, command).text(command.lockName());
    }

    private static Command.CancelAcquire cancelAcquire(BinaryReader in) throws BadMessageException {
        return new Command.CancelAcquire(caller(in), channel(in), in.text());
    }

    private static void releaseLock(BinaryWriter out, Command.ReleaseLock command) {
        request(out, command).text(command.lockName()).number(command.fencingToken());
    }

    private static Command.ReleaseLock releaseLock(BinaryReader in) throws BadMessageException {
        return new Command.ReleaseLock(caller(in), channel(in), in.text(), in.number());
    }

    private static void revokeLock(BinaryWriter out, Command.RevokeLock command) {
        request(out, command).text(command.lockName()).optional(command.owner(), BinaryWriter::text);
    }

    private static Command.RevokeLock revokeLock(BinaryReader in) throws BadMessageException {
        return new Command.RevokeLock(caller(in), channel(in), in.text(), in.optional(BinaryReader::text));
    }

    private static void removeLock(BinaryWriter out, Command.RemoveLock command) {
        request(out, command).text(command.lockName());
    }

    private static Command.RemoveLock removeLock(BinaryReader in) throws BadMessageException {
        return new Command.RemoveLock(caller(in), channel(in), in.text());
    }

    private static void getLock(BinaryWriter out, Command.GetLock command) {
        request(out, command).flag(command.withQueue());
    }

    private static Command.GetLock getLock(BinaryReader in) throws BadMessageException {
        return new Command.GetLock(caller(in), channel(in), in.flag());
    }

    private static void writeMetadata(BinaryWriter out, Command.WriteMetadata command) {
        request(out, command).word(command.operation());
        out.optional(command.items(), (o, items) -> o.list(items, CommandCodec::change));
        out.number(command.majorRevision()).text(command.guard()).number(command.fencingToken());
    }

    private static Command.WriteMetadata writeMetadata(BinaryReader in) throws BadMessageException {
        return new Command.WriteMetadata(
                caller(in),
                channel(in),
                in.word(OPERATIONS),
                in.optional(i -> i.list(CommandCodec::change)),
                in.number(),
                in.text(),
                in.number());
    }

    private static void change(BinaryWriter out, Metadata.Change change) {
        out.text(change.key()).text(change.value()).number(change.revision());
    }

    private static Metadata.Change change(BinaryReader in) throws BadMessageException {
        return new Metadata.Change(in.text(), in.text(), in.number());
    }

    private static void getMetadata(BinaryWriter out, Command.GetMetadata command) {
        request(out, command);
    }

    private static Command.GetMetadata getMetadata(BinaryReader in) throws BadMessageException {
        return new Command.GetMetadata(caller(in), channel(in));
    }

    private static void subscribe(BinaryWriter out, Command.Subscribe command) {
        request(out, command).flag(command.withLock()).flag(command.withStorage());
        out.flag(command.withQueue());
    }

    private static Command.Subscribe subscribe(BinaryReader in) throws BadMessageException {
        return new Command.Subscribe(caller(in), channel(in), in.flag(), in.flag(), in.flag());
    }

    private static void unsubscribe(BinaryWriter out, Command.Unsubscribe command) {
        request(out, command);
    }

    private static Command.Unsubscribe unsubscribe(BinaryReader in) throws BadMessageException {
        return new Command.Unsubscribe(caller(in), channel(in));
    }

    private static void sessionOnline(BinaryWriter out, Command.SessionOnline command) {
        out.text(command.sessionId()).number(command.epoch());
        out.text(command.userId()).text(command.gateway());
    }

    private static Command.SessionOnline sessionOnline(BinaryReader in) throws BadMessageException {
        return new Command.SessionOnline(in.text(), in.number(), in.text(), in.text());
    }

    private static void sessionOffline(BinaryWriter out, Command.SessionOffline command) {
        out.text(command.sessionId()).number(command.epoch());
    }

    private static Command.SessionOffline sessionOffline(BinaryReader in) throws BadMessageException {
        return new Command.SessionOffline(in.text(), in.number());
    }

    private static void sessionGone(BinaryWriter out, Command.SessionGone command) {
        out.text(command.sessionId()).number(command.epoch());
    }

    private static Command.SessionGone sessionGone(BinaryReader in) throws BadMessageException {
        return new Command.SessionGone(in.text(), in.number());
    }

    private static void leaderChanged(BinaryWriter out, Command.LeaderChanged command) {
        limits(out, command.limits());
    }

    private static Command.LeaderChanged leaderChanged(BinaryReader in) throws BadMessageException {
        return new Command.LeaderChanged(limits(in));
    }

    static void limits(BinaryWriter out, Limits limits) {
        out.number(limits.ttlMinSeconds()).number(limits.ttlMaxSeconds()).number(limits.ttlDefaultSeconds());
        out.number(limits.locksPerChannelMax()).number(limits.waitersPerLockMax());
        out.number(limits.locksPerUserMax()).number(limits.waitersPerUserMax());
        out.number(limits.channelsMax()).number(limits.metadataBytesMax());
        out.number(limits.answersPerSessionMax()).number(limits.answerKeptMillis());
        out.number(limits.sessionRememberedMillis()).number(limits.duePerTickMax());
    }

    static Limits limits(BinaryReader in) throws BadMessageException {
        return new Limits(
                integer(in),
                integer(in),
                integer(in),
                integer(in),
                integer(in),
                integer(in),
                integer(in),
                integer(in),
                integer(in),
                integer(in),
                in.number(),
                in.number(),
                integer(in));
    }
}
