// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.List;

/** One application of a command: its moment, what the transitions need, and the effects they leave. */
final class Turn {

    final Moment moment;
    final Limits limits;
    final Rules rules;
    final Deadlines deadlines;
    final List<Effect> effects = new ArrayList<>(4);

    Turn(Moment moment, Limits limits, Rules rules, Deadlines deadlines) {
        this.moment = moment;
        this.limits = limits;
        this.rules = rules;
        this.deadlines = deadlines;
    }

    /** Answers a request: at once, or when the session is back. */
    void answer(Session session, Command.Request request, Answer answer) {
        long requestId = request.caller().requestId();
        answer(session, requestId, request.operation(), request.lockName(), request.isRemembered(), answer);
    }

    /** Answers the request of a waiter. */
    void answer(Waiter waiter, Answer answer) {
        answer(waiter.session, waiter.requestId, Operation.ACQUIRE_LOCK, waiter.lock.name(), true, answer);
    }

    private void answer(
            Session session, long requestId, Operation operation, String lockName, boolean remember, Answer answer) {
        Reply reply = new Reply(moment.utcMillis(), answer);
        if (remember) {
            long now = moment.monotonicMillis();
            session.answers.remember(requestId, operation, lockName, now, reply, limits);
        }
        if (session.online) {
            effects.add(new Effect.Replied(session.gateway, session.id, requestId, reply));
        } else {
            session.missedReplies.add(new Snapshot.MissedReply(requestId, reply));
        }
    }

    void refuse(Session session, Command.Request request, Rejection rejection) {
        answer(
                session,
                request,
                new Answer.Rejected(request.operation(), request.channel(), request.lockName(), rejection));
    }

    void refuse(Waiter waiter, Rejection rejection) {
        Lock lock = waiter.lock;
        answer(waiter, new Answer.Rejected(Operation.ACQUIRE_LOCK, lock.channelKey(), lock.name(), rejection));
    }

    /** Tells a session of its loss: at once, or when it is back. */
    void lockLost(Session session, Effect.Loss loss) {
        if (session.online) {
            effects.add(new Effect.LockLost(session.gateway, session.id, loss));
            session.told(loss);
        } else {
            session.missedLosses.add(loss);
        }
    }

    /** Sets a deadline that many milliseconds from now. */
    Deadline after(long millis, Deadline.Action action) {
        return deadlines.set(moment.monotonicMillis() + millis, action);
    }
}
