// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What each command does, in one turn: checks that concern several locks, then the transition of the one it names.
 *
 * <p>Checks come in the order of PROTOCOL.md §4: is it a repetition, does the lock exist, whose is it.
 */
final class Application implements Command.Visitor {

    private final LockTable table;
    private final Sessions sessions;
    private final Limits limits;
    private final Turn turn;

    Application(LockTable table, Turn turn) {
        this.table = table;
        this.sessions = table.sessions;
        this.limits = table.limits;
        this.turn = turn;
    }

    /** Lets a request through once: from a session that is here, and not when it has been answered before. */
    private void admit(Command.Request request, Consumer<Session> action) {
        Session session =
                sessions.admitted(request.caller().sessionId(), request.caller().epoch());
        if (session == null) {
            turn.effects.add(sessions.notAdmitted(request.caller()));
            return;
        }
        long requestId = request.caller().requestId();
        Snapshot.Remembered before = request.isRemembered() ? session.answers.get(requestId) : null;
        Waiter pending = session.waits.get(requestId);
        if ((before != null && !before.answers(request)) || (pending != null && !pending.isSentAgainBy(request))) {
            refuseReuse(session, request);
        } else if (before != null) {
            turn.effects.add(new Effect.Replied(session.gateway, session.id, requestId, before.reply()));
        } else {
            action.accept(session);
        }
    }

    private void refuseReuse(Session session, Command.Request request) {
        Answer answer = new Answer.Rejected(
                request.operation(),
                request.channel(),
                request.lockName(),
                new Rejection(
                        Rejection.Kind.ID_REUSED,
                        "id " + request.caller().requestId() + " was used for another request of this session",
                        null));
        turn.effects.add(new Effect.Replied(
                session.gateway, session.id, request.caller().requestId(), new Reply(turn.moment.utcMillis(), answer)));
    }

    private void withLock(Command.Request request, BiConsumer<Session, Lock> action) {
        admit(request, session -> {
            Lock lock = lock(request);
            if (lock == null) {
                turn.refuse(session, request, noSuchLock(request));
            } else {
                action.accept(session, lock);
            }
        });
    }

    private @Nullable Lock lock(Command.Request request) {
        Channel channel = table.channels.get(request.channel());
        return channel == null ? null : channel.locks.get(request.lockName());
    }

    @Override
    public void setLock(Command.SetLock command) {
        admit(command, session -> {
            Lock existing = lock(command);
            if (existing == null) {
                Lock created = create(session, command, command.ttlSeconds());
                if (created != null) {
                    turn.answer(session, command, lockSet(created));
                    publishSet(session, created);
                }
            } else if (command.keepExisting()) {
                turn.answer(session, command, lockSet(existing));
            } else {
                turn.refuse(
                        session,
                        command,
                        new Rejection(
                                Rejection.Kind.LOCK_EXISTS,
                                "the lock '" + command.lockName() + "' is already set",
                                null));
            }
        });
    }

    private Answer lockSet(Lock lock) {
        return new Answer.LockSet(lock.channelKey(), lock.name(), lock.ttlSeconds);
    }

    private void publishSet(Session session, Lock lock) {
        lock.channel().publish(turn, LockEvent.Type.SET, lock, 0, session.userId, null, null);
    }

    /** Creates a lock, or refuses the request and gives null. */
    private @Nullable Lock create(Session session, Command.Request request, long ttlSeconds) {
        Channel channel = channelFor(session, request);
        if (channel == null) {
            return null;
        }
        if (channel.locks.size() >= limits.locksPerChannelMax()) {
            turn.refuse(
                    session,
                    request,
                    failed(
                            Rejection.Cause.TOO_MANY_LOCKS,
                            "the channel has " + channel.locks.size() + " locks, more are not allowed"));
            return null;
        }
        Lock lock = new Lock(channel, request.lockName(), limits.ttlSeconds(ttlSeconds));
        channel.locks.put(lock.name(), lock);
        table.channels.putIfAbsent(channel.key, channel);
        return lock;
    }

    /** The channel, or a new one to be kept when it is written to; without room for it refuses and gives null. */
    private @Nullable Channel channelFor(Session session, Command.Request request) {
        if (!table.channels.containsKey(request.channel()) && table.channels.size() >= limits.channelsMax()) {
            turn.refuse(
                    session, request, failed(Rejection.Cause.TOO_MANY_CHANNELS, "no more channels can be kept here"));
            return null;
        }
        return channelView(request.channel());
    }

    @Override
    public void acquireLock(Command.AcquireLock command) {
        admit(command, session -> {
            Waiter waiter = session.waits.get(command.caller().requestId());
            Lock lock = lock(command);
            if (waiter != null) {
                waiter.lock.reattach(waiter, command, turn);
            } else if (lock != null && waitOf(session, lock) != null) {
                turn.refuse(
                        session,
                        command,
                        new Rejection(Rejection.Kind.ALREADY_WAITING, "you are in the queue already", null));
            } else if ((lock != null || command.create()) && ownsTooMany(session, lock)) {
                turn.refuse(
                        session,
                        command,
                        failed(
                                Rejection.Cause.TOO_MANY_HELD,
                                "you own " + session.user.locks + " locks, in all your sessions: release one first"));
            } else if (lock != null) {
                lock.acquire(session, command, turn);
            } else if (command.create()) {
                createAndAcquire(session, command);
            } else {
                turn.refuse(session, command, noSuchLock(command));
            }
        });
    }

    /** Whether the user may not have one more; a wait that was admitted is granted whatever came to the user meanwhile. */
    private boolean ownsTooMany(Session session, @Nullable Lock asked) {
        boolean ownsIt = asked != null && asked.owner == session;
        return !ownsIt && session.user.locks >= limits.locksPerUserMax();
    }

    private void createAndAcquire(Session session, Command.AcquireLock command) {
        Lock created = create(session, command, command.ttlSeconds());
        if (created != null) {
            publishSet(session, created);
            created.acquire(session, command, turn);
        }
    }

    private @Nullable Waiter waitOf(Session session, Lock lock) {
        for (Waiter waiter : session.waits.values()) {
            if (waiter.lock == lock) {
                return waiter;
            }
        }
        return null;
    }

    @Override
    public void cancelAcquire(Command.CancelAcquire command) {
        withLock(command, (session, lock) -> {
            Waiter waiter = waitOf(session, lock);
            if (waiter != null) {
                lock.endWait(waiter, Rejection.Cause.CANCELLED, "you cancelled the request", turn);
            }
            turn.answer(session, command, new Answer.Cancelled(command.channel(), command.lockName(), waiter != null));
        });
    }

    @Override
    public void releaseLock(Command.ReleaseLock command) {
        withLock(command, (session, lock) -> lock.release(session, command, turn));
    }

    @Override
    public void revokeLock(Command.RevokeLock command) {
        withLock(command, (session, lock) -> lock.revoke(session, command, turn));
    }

    @Override
    public void removeLock(Command.RemoveLock command) {
        withLock(command, (session, lock) -> {
            lock.channel().locks.remove(lock.name());
            lock.remove(session, command, turn);
        });
    }

    @Override
    public void getLock(Command.GetLock command) {
        admit(command, session -> {
            Channel channel = channelView(command.channel());
            turn.answer(
                    session, command, new Answer.Locks(channel.key, channel.seq, channel.view(command.withQueue())));
        });
    }

    /** The channel, or an empty one that is not kept. */
    private Channel channelView(ChannelKey key) {
        Channel channel = table.channels.get(key);
        return channel == null ? new Channel(key) : channel;
    }

    @Override
    public void writeMetadata(Command.WriteMetadata command) {
        admit(command, session -> {
            Rejection refusal = Metadata.refusalOf(command.items());
            if (refusal == null && !command.guard().isEmpty()) {
                refusal = channelView(command.channel()).guardRefusal(session, command.guard(), command.fencingToken());
            }
            if (refusal != null) {
                turn.refuse(session, command, refusal);
                return;
            }
            Channel channel = channelFor(session, command);
            if (channel != null) {
                write(session, command, channel);
            }
        });
    }

    private void write(Session session, Command.WriteMetadata command, Channel channel) {
        long before = channel.metadata.majorRevision();
        Answer answer =
                channel.metadata.write(command, session.userId, turn.moment.utcMillis(), limits.metadataBytesMax());
        turn.answer(session, command, answer);
        if (channel.metadata.majorRevision() != before) {
            table.channels.putIfAbsent(channel.key, channel);
            turn.effects.add(new Effect.StoragePublished(channel.storageEvent(false, session.userId, turn)));
        }
    }

    @Override
    public void getMetadata(Command.GetMetadata command) {
        admit(command, session -> {
            Metadata metadata = channelView(command.channel()).metadata;
            turn.answer(
                    session,
                    command,
                    new Answer.Stored(
                            command.channel(), metadata.items().size(), metadata.majorRevision(), metadata.items()));
        });
    }

    @Override
    public void subscribe(Command.Subscribe command) {
        admit(command, session -> {
            Channel channel = channelView(command.channel());
            for (Lock lock : channel.locks.values()) {
                if (lock.owner == session && lock.ownerLeftChannel) {
                    lock.ownerLeftChannel = false;
                    lock.ownerPresenceChanged(turn);
                }
            }
            turn.answer(session, command, new Answer.Subscribed(channel.key, channel.seq));
            turn.effects.add(new Effect.Snapshotted(
                    session.gateway,
                    session.id,
                    channel.key,
                    command.caller().requestId(),
                    command.withLock(),
                    command.withStorage(),
                    command.withQueue(),
                    channel.seq,
                    channel.view(false),
                    channel.storageEvent(true, "", turn),
                    turn.moment.utcMillis()));
        });
    }

    @Override
    public void unsubscribe(Command.Unsubscribe command) {
        admit(command, session -> {
            for (Waiter waiter : List.copyOf(session.waits.values())) {
                if (waiter.lock.channelKey().equals(command.channel())) {
                    waiter.lock.endWait(
                            waiter, Rejection.Cause.UNSUBSCRIBED, "you unsubscribed from the channel", turn);
                }
            }
            for (Lock lock : session.holds) {
                if (lock.channelKey().equals(command.channel())) {
                    lock.ownerLeftChannel = true;
                    lock.ownerPresenceChanged(turn);
                }
            }
            turn.answer(session, command, new Answer.Unsubscribed(command.channel()));
        });
    }

    @Override
    public void sessionOnline(Command.SessionOnline command) {
        sessions.online(command, turn);
    }

    @Override
    public void sessionOffline(Command.SessionOffline command) {
        sessions.offline(command, turn);
    }

    @Override
    public void sessionGone(Command.SessionGone command) {
        sessions.gone(command, turn);
    }

    @Override
    public void tick(Command.Tick command) {
        for (int i = 0; i < limits.duePerTickMax(); i++) {
            Deadline due = table.deadlines.takeDue(turn.moment.monotonicMillis());
            if (due == null) {
                return;
            }
            due.action().run(turn);
        }
    }

    @Override
    public void leaderChanged(Command.LeaderChanged command) {
        table.limits = command.limits();
        new ClockChange(table, turn).run();
    }

    private static Rejection noSuchLock(Command.Request request) {
        return new Rejection(
                Rejection.Kind.NO_SUCH_LOCK, "there is no lock '" + request.lockName() + "' in the channel", null);
    }

    private static Rejection failed(Rejection.Cause cause, String reason) {
        return new Rejection(Rejection.Kind.FAILED, reason, Rejection.Detail.of(cause));
    }
}
