// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One named lock: its owner, the countdown that runs while the owner is away, and its queue.
 *
 * <pre>
 * state     | input                        | next state             | effects, in order
 * ----------+------------------------------+------------------------+---------------------------------------------
 * any       | acquire by the owner         | the same               | the owner's answer again, same token
 * FREE      | acquire                      | HELD                   | answer, ACQUIRED
 * HELD      | acquire, no retry            | HELD                   | refused: busy
 * HELD      | acquire, retry               | HELD, one more waits   | queue changed
 * HELD      | release by the owner         | FREE                   | answer, RELEASED, then hand over
 * HELD      | revoke                       | FREE                   | LOCK_LOST, answer, RELEASED, then hand over
 * HELD      | owner leaves on purpose      | FREE                   | RELEASED (LOGOUT), then hand over
 * HELD      | owner goes offline, or       | COUNTING DOWN          |
 *           |   unsubscribes               |                        |
 * COUNTING  | owner is back                | HELD                   |
 * COUNTING  | ttl over                     | FREE                   | LOCK_LOST, EXPIRED, then hand over
 * FREE      | a waiter is back             |                        | hand over
 * any       | remove                       | gone                   | LOCK_LOST, answer, waiters refused, REMOVED
 * any       | a wait ends                  | the same, one less     | the waiter's answer, queue changed
 * ----------+------------------------------+------------------------+---------------------------------------------
 * hand over: the longest waiting of the online waiters, if any, becomes the owner: answer, ACQUIRED, queue changed.
 * COUNTING DOWN is HELD in all rows that do not name it.
 * </pre>
 *
 * So a free lock never has an online waiter (PROTOCOL.md §4, rule 3), and a hand-over is one step with what caused it.
 */
final class Lock {

    private static final long MILLIS_PER_SECOND = 1_000;

    private final Channel channel;
    private final String name;
    final int ttlSeconds;
    final WaitQueue queue = new WaitQueue();

    @Nullable
    Session owner;

    long fencingToken;
    long sinceUtcMillis;

    /** The owner unsubscribed from the channel: for this lock it counts as offline. */
    boolean ownerLeftChannel;

    @Nullable
    Deadline expiry;

    Lock(Channel channel, String name, int ttlSeconds) {
        this.channel = channel;
        this.name = name;
        this.ttlSeconds = ttlSeconds;
    }

    String name() {
        return name;
    }

    Channel channel() {
        return channel;
    }

    ChannelKey channelKey() {
        return channel.key;
    }

    long ttlMillis() {
        return ttlSeconds * MILLIS_PER_SECOND;
    }

    /**
     * Grants the lock, queues the request, or refuses it: busy without {@code retry}, a full queue, or a user who waits too
     * often. A queued request is answered when its wait ends (PROTOCOL.md §4, rules 3 and 4).
     */
    void acquire(Session session, Command.AcquireLock request, Turn turn) {
        if (owner == session) {
            turn.answer(session, request, granted(session, 0));
        } else if (owner == null && turn.rules.next(queue) == null) {
            own(session, turn);
            turn.answer(session, request, granted(session, 0));
            publishAcquired(null, null, turn);
        } else if (!request.retry()) {
            turn.refuse(session, request, busy());
        } else if (queue.size() >= turn.limits.waitersPerLockMax()) {
            turn.refuse(session, request, queueFull());
        } else if (session.user.waits >= turn.limits.waitersPerUserMax()) {
            turn.refuse(session, request, tooManyWaits(session));
        } else {
            enqueue(session, request, turn);
        }
    }

    private void enqueue(Session session, Command.AcquireLock request, Turn turn) {
        Waiter waiter = new Waiter(session, this, request.caller().requestId(), turn.moment, request.withPosition());
        join(waiter);
        if (request.timeoutMillis() > 0) {
            waiter.timeout = turn.after(request.timeoutMillis(), timeOut(waiter));
        }
        place(waiter, queue.size(), turn);
    }

    private void place(Waiter waiter, int position, Turn turn) {
        if (waiter.withPosition) {
            turn.effects.add(new Effect.Placed(QueueView.Place.of(waiter, position)));
        }
        queueChanged(turn);
    }

    /** Puts a waiter in its place, here and in its session. */
    void join(Waiter waiter) {
        queue.add(waiter);
        waiter.session.waits.put(waiter.requestId, waiter);
        waiter.session.user.waits++;
    }

    void release(Session session, Command.ReleaseLock request, Turn turn) {
        if (owner != session) {
            turn.refuse(session, request, notOwner(session));
        } else if (request.fencingToken() != 0 && request.fencingToken() != fencingToken) {
            turn.refuse(
                    session,
                    request,
                    new Rejection(
                            Rejection.Kind.NOT_OWNER,
                            "you own the lock with token " + fencingToken + ", not " + request.fencingToken(),
                            Rejection.Detail.of(null, holder())));
        } else {
            turn.answer(session, request, new Answer.Released(channel.key, name));
            end(LockEvent.Type.RELEASED, LockEvent.Cause.RELEASED, session.userId, turn);
        }
    }

    void revoke(Session session, Command.RevokeLock request, Turn turn) {
        Session loser = owner;
        if (loser == null || (request.owner() != null && !request.owner().equals(loser.userId))) {
            String reason = loser == null ? "nobody owns the lock" : heldBy() + ", not by whom you named";
            turn.refuse(
                    session,
                    request,
                    new Rejection(Rejection.Kind.NOT_OWNER, reason, Rejection.Detail.of(null, holder())));
        } else {
            turn.lockLost(loser, loss(LockEvent.Cause.REVOKED, turn));
            turn.answer(session, request, new Answer.Revoked(channel.key, name, loser.userId));
            end(LockEvent.Type.RELEASED, LockEvent.Cause.REVOKED, session.userId, turn);
        }
    }

    void remove(Session session, Command.RemoveLock request, Turn turn) {
        Session loser = owner;
        long endedToken = fencingToken;
        if (loser != null) {
            turn.lockLost(loser, loss(LockEvent.Cause.REMOVED, turn));
            disown(loser, turn);
        }
        turn.answer(session, request, new Answer.Removed(channel.key, name));
        List<Waiter> waiters = queue.all();
        for (Waiter waiter : waiters) {
            leave(waiter, turn);
            turn.refuse(
                    waiter,
                    new Rejection(
                            Rejection.Kind.NO_SUCH_LOCK,
                            "the lock was removed by '" + session.userId + "'",
                            Rejection.Detail.of(Rejection.Cause.REMOVED)));
        }
        channel.publish(
                turn,
                LockEvent.Type.REMOVED,
                this,
                loser == null ? 0 : endedToken,
                session.userId,
                loser == null ? "" : loser.userId,
                loser == null ? null : LockEvent.Cause.REMOVED);
        if (!waiters.isEmpty()) {
            queueChanged(turn);
        }
    }

    /** The owner left on purpose. */
    void ownerLeft(Session session, Turn turn) {
        end(LockEvent.Type.RELEASED, LockEvent.Cause.LOGOUT, session.userId, turn);
    }

    /** The owner may have come or gone: starts the countdown or stops it. */
    void ownerPresenceChanged(Turn turn) {
        if (owner != null && turn.rules.countsDown(owner, ownerLeftChannel)) {
            if (expiry == null) {
                expiry = turn.after(ttlMillis(), this::expire);
            }
        } else {
            stopCountdown(turn);
        }
    }

    private void stopCountdown(Turn turn) {
        turn.deadlines.cancel(expiry);
        expiry = null;
    }

    /** The ttl of an owner that is away is over. */
    void expire(Turn turn) {
        Session loser = owner;
        if (loser == null) {
            throw new IllegalStateException("a free lock cannot expire: " + name);
        }
        expiry = null;
        turn.lockLost(loser, loss(LockEvent.Cause.OFFLINE, turn));
        end(LockEvent.Type.EXPIRED, LockEvent.Cause.OFFLINE, "", turn);
    }

    private void end(LockEvent.Type type, LockEvent.Cause cause, String publisher, Turn turn) {
        Session loser = owner;
        if (loser == null) {
            throw new IllegalStateException("nobody owns " + name);
        }
        long endedToken = fencingToken;
        disown(loser, turn);
        channel.publish(turn, type, this, endedToken, publisher, loser.userId, cause);
        handOver(loser.userId, cause, turn);
    }

    private void disown(Session loser, Turn turn) {
        stopCountdown(turn);
        loser.holds.remove(this);
        loser.user.locks--;
        owner = null;
        ownerLeftChannel = false;
    }

    /** Gives a free lock to the waiter whose turn it is, if there is one. */
    void handOver(@Nullable String previousOwner, LockEvent.@Nullable Cause cause, Turn turn) {
        Waiter next = owner == null ? turn.rules.next(queue) : null;
        if (next != null) {
            leave(next, turn);
            own(next.session, turn);
            turn.answer(next, granted(next.session, turn.moment.monotonicMillis() - next.sinceMillis));
            publishAcquired(previousOwner, cause, turn);
            queueChanged(turn);
        }
    }

    private void own(Session session, Turn turn) {
        owner = session;
        session.holds.add(this);
        session.user.locks++;
        fencingToken = channel.nextToken(turn);
        sinceUtcMillis = turn.moment.utcMillis();
        ownerPresenceChanged(turn);
    }

    private void publishAcquired(@Nullable String previousOwner, LockEvent.@Nullable Cause cause, Turn turn) {
        String publisher = owner == null ? "" : owner.userId;
        channel.publish(turn, LockEvent.Type.ACQUIRED, this, fencingToken, publisher, previousOwner, cause);
    }

    /** A session asks again for what it already waits for: it keeps its place, and goes on being told of it. */
    void reattach(Waiter waiter, Command.AcquireLock request, Turn turn) {
        waiter.withPosition |= request.withPosition();
        place(waiter, queue.positionOf(waiter), turn);
    }

    /** The waiter's session went offline or came back: its place is kept for the lock's ttl. */
    void waiterPresenceChanged(Waiter waiter, Turn turn) {
        turn.deadlines.cancel(waiter.lapse);
        waiter.lapse = waiter.session.online ? null : turn.after(ttlMillis(), lapse(waiter));
        queueChanged(turn);
    }

    /** Ends a wait; the lock stays as it is. */
    void endWait(Waiter waiter, Rejection.Cause cause, String reason, Turn turn) {
        leave(waiter, turn);
        turn.refuse(waiter, new Rejection(Rejection.Kind.NOT_ACQUIRED, reason, Rejection.Detail.of(cause, holder())));
        queueChanged(turn);
    }

    private void leave(Waiter waiter, Turn turn) {
        queue.remove(waiter);
        waiter.session.waits.remove(waiter.requestId);
        waiter.session.user.waits--;
        turn.deadlines.cancel(waiter.timeout);
        turn.deadlines.cancel(waiter.lapse);
    }

    Deadline.Action timeOut(Waiter waiter) {
        return turn -> endWait(waiter, Rejection.Cause.TIMEOUT, "the time to wait is over, " + heldBy(), turn);
    }

    Deadline.Action lapse(Waiter waiter) {
        return turn ->
                endWait(waiter, Rejection.Cause.OFFLINE, "you were offline for longer than " + ttlSeconds + " s", turn);
    }

    private void queueChanged(Turn turn) {
        turn.effects.add(new Effect.QueueChanged(channel.key, name));
    }

    private Answer granted(Session session, long waitedMillis) {
        return new Answer.Granted(
                channel.key, name, session.userId, ttlSeconds, fencingToken, Math.max(0, waitedMillis));
    }

    private Effect.Loss loss(LockEvent.Cause cause, Turn turn) {
        return new Effect.Loss(channel.key, name, fencingToken, cause, turn.moment.utcMillis());
    }

    private Rejection busy() {
        return new Rejection(
                Rejection.Kind.NOT_ACQUIRED, heldBy(), Rejection.Detail.of(Rejection.Cause.BUSY, holder()));
    }

    private Rejection queueFull() {
        return new Rejection(
                Rejection.Kind.NOT_ACQUIRED,
                heldBy() + " and its queue is full: " + queue.size() + " wait",
                Rejection.Detail.of(Rejection.Cause.QUEUE_FULL, holder()));
    }

    private Rejection tooManyWaits(Session session) {
        return new Rejection(
                Rejection.Kind.NOT_ACQUIRED,
                heldBy() + ", and you wait for " + session.user.waits + " locks already, in all your sessions",
                Rejection.Detail.of(Rejection.Cause.TOO_MANY_WAITS, holder()));
    }

    private Rejection notOwner(Session session) {
        String reason = owner == null
                ? "nobody owns the lock"
                : owner.userId.equals(session.userId) ? "another session of yours owns the lock" : heldBy();
        return new Rejection(Rejection.Kind.NOT_OWNER, reason, Rejection.Detail.of(null, holder()));
    }

    private String heldBy() {
        return owner == null ? "the lock is free" : "the lock is owned by '" + owner.userId + "'";
    }

    private Rejection.Holder holder() {
        return owner == null
                ? new Rejection.Holder("", 0, queue.size())
                : new Rejection.Holder(owner.userId, sinceUtcMillis, queue.size());
    }

    LockView view(boolean withQueue) {
        List<LockView.WaiterView> waiting = withQueue ? queue.view(LockView.QUEUE_SHOWN_MAX) : null;
        if (owner == null) {
            return new LockView(name, "", ttlSeconds, 0, 0, false, queue.size(), waiting);
        }
        boolean ownerOnline = owner.online && !ownerLeftChannel;
        return new LockView(
                name, owner.userId, ttlSeconds, fencingToken, sinceUtcMillis, ownerOnline, queue.size(), waiting);
    }
}
