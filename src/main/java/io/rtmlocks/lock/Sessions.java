// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions a table knows, and what becomes of their locks and waits when they come and go (PROTOCOL.md §2).
 *
 * <pre>
 * session | input                           | next state | its locks               | its waits
 * --------+---------------------------------+------------+-------------------------+----------------------------
 * unknown | online                          | ONLINE     |                         |
 * ONLINE  | online, later epoch (takeover)  | ONLINE     | kept                    | kept; its former gateway is told
 * ONLINE  | offline                         | OFFLINE    | each counts down        | keep their place, passed over
 * ONLINE  | gone                            | OFFLINE    | released                | end
 * OFFLINE | online, later epoch             | ONLINE     | countdowns stop         | take part again
 * ONLINE  | online, the same epoch          | ONLINE     | kept                    | kept
 * any     | the same, from another gateway  | the same   | kept                    | kept
 * OFFLINE | online, the epoch that ended    | OFFLINE    | kept                    | kept
 * OFFLINE | gone                            | OFFLINE    | released                | end
 * OFFLINE | its time to be remembered over  | unknown    | (has none, else later)  | (has none, else later)
 * any     | anything of an earlier epoch    | the same   | kept                    | kept
 * </pre>
 *
 * <p>Who is announced in an epoch that is over is told so. Whoever else is announced hears of its latest losses again: the word
 * of them may have been lost on the way.
 */
final class Sessions {

    private final Map<String, Session> byId = new LinkedHashMap<>();
    private final Map<String, User> users = new HashMap<>();
    private final Rules rules;

    Sessions(Rules rules) {
        this.rules = rules;
    }

    Iterable<Session> all() {
        return byId.values();
    }

    /** The user of a session that is about to be put. */
    User user(String userId) {
        return users.computeIfAbsent(userId, User::new);
    }

    @Nullable
    Session known(String sessionId) {
        return byId.get(sessionId);
    }

    void put(Session session) {
        byId.put(session.id, session);
        session.user.sessions++;
    }

    /** @return the session if it may ask for something in this epoch, else null */
    @Nullable
    Session admitted(String sessionId, long epoch) {
        Session session = byId.get(sessionId);
        return rules.admits(session, epoch) ? session : null;
    }

    /** @return that the caller speaks for another life of the session than the present one */
    Effect.NotAdmitted notAdmitted(Caller caller) {
        Session session = byId.get(caller.sessionId());
        return session == null
                ? new Effect.NotAdmitted(caller, 0, "")
                : new Effect.NotAdmitted(caller, session.epoch, session.gateway);
    }

    /** The session, in this epoch from now on; null when it is unknown or known in a later one. */
    private @Nullable Session inEpoch(String sessionId, long epoch) {
        Session session = byId.get(sessionId);
        if (session == null || epoch < session.epoch) {
            return null;
        }
        session.epoch = epoch;
        return session;
    }

    void online(Command.SessionOnline command, Turn turn) {
        Session session = byId.get(command.sessionId());
        boolean wasKnown = session != null;
        if (session == null) {
            session = new Session(command.sessionId(), user(command.userId()), command.epoch(), command.gateway());
            put(session);
        } else if (isLate(command, session)) {
            turn.effects.add(notAdmitted(new Caller(command.sessionId(), command.epoch(), 0)));
            return;
        }
        boolean wasOnline = session.online;
        if (wasOnline && !session.gateway.equals(command.gateway())) {
            turn.effects.add(new Effect.TakenOver(session.gateway, session.id, session.epoch, command.epoch()));
        }
        session.epoch = command.epoch();
        session.gateway = command.gateway();
        session.online = true;
        turn.deadlines.cancel(session.forgetting);
        session.forgetting = null;
        tellLosses(session, turn);
        tellMissedReplies(session, turn);
        turn.effects.add(resumed(session, wasKnown));
        if (!wasOnline) {
            presenceChanged(session, turn);
        }
    }

    /** News of an epoch that is over, or was told to have ended, or is another gateway's: it came late, twice, or second. */
    private static boolean isLate(Command.SessionOnline command, Session session) {
        boolean isTaken = !session.online || !command.gateway().equals(session.gateway);
        return command.epoch() < session.epoch || (command.epoch() == session.epoch && isTaken);
    }

    void offline(Command.SessionOffline command, Turn turn) {
        Session session = inEpoch(command.sessionId(), command.epoch());
        if (session != null && session.online) {
            session.online = false;
            forgetLater(session, turn);
            presenceChanged(session, turn);
        }
    }

    void gone(Command.SessionGone command, Turn turn) {
        Session session = inEpoch(command.sessionId(), command.epoch());
        if (session == null) {
            return;
        }
        for (Waiter waiter : List.copyOf(session.waits.values())) {
            waiter.lock.endWait(waiter, Rejection.Cause.LOGOUT, "you logged out", turn);
        }
        if (session.online) {
            session.online = false;
            forgetLater(session, turn);
        }
        for (Lock lock : List.copyOf(session.holds)) {
            lock.ownerLeft(session, turn);
        }
        turn.effects.add(new Effect.Departed(session.gateway, session.id, session.epoch));
    }

    private static Effect resumed(Session session, boolean wasKnown) {
        List<LockView.Held> held = new ArrayList<>();
        for (Lock lock : session.holds) {
            held.add(new LockView.Held(lock.channelKey(), lock.name(), lock.fencingToken));
        }
        List<LockView.Waiting> waiting = new ArrayList<>();
        for (Waiter waiter : session.waits.values()) {
            Lock lock = waiter.lock;
            waiting.add(new LockView.Waiting(
                    lock.channelKey(), lock.name(), waiter.requestId, lock.queue.positionOf(waiter)));
        }
        long highestId = session.answers.highestRememberedId();
        return new Effect.Resumed(session.gateway, session.id, session.epoch, wasKnown, highestId, held, waiting);
    }

    /** All of late, also those it was told of; first of all, so that it knows of them before it hears of anything else. */
    private static void tellLosses(Session session, Turn turn) {
        List<Effect.Loss> losses = new ArrayList<>(session.toldLosses);
        losses.addAll(session.missedLosses);
        losses.forEach(loss -> turn.effects.add(new Effect.LockLost(session.gateway, session.id, loss)));
        session.missedLosses.forEach(session::told);
        session.missedLosses.clear();
    }

    private static void tellMissedReplies(Session session, Turn turn) {
        for (Snapshot.MissedReply missed : session.missedReplies) {
            turn.effects.add(new Effect.Replied(session.gateway, session.id, missed.requestId(), missed.reply()));
        }
        session.missedReplies.clear();
    }

    private static void presenceChanged(Session session, Turn turn) {
        for (Lock lock : session.holds) {
            lock.ownerPresenceChanged(turn);
        }
        for (Waiter waiter : List.copyOf(session.waits.values())) {
            waiter.lock.waiterPresenceChanged(waiter, turn);
            waiter.lock.handOver(null, null, turn);
        }
    }

    private void forgetLater(Session session, Turn turn) {
        session.forgetting = turn.after(turn.limits.sessionRememberedMillis(), forget(session));
    }

    /** Drops a session that has been away for long, unless it still has something to come back to. */
    Deadline.Action forget(Session session) {
        return turn -> {
            session.forgetting = null;
            if (session.holds.isEmpty() && session.waits.isEmpty()) {
                byId.remove(session.id);
                session.user.sessions--;
                if (session.user.sessions == 0) {
                    users.remove(session.userId);
                }
            } else {
                forgetLater(session, turn);
            }
        };
    }

    int size() {
        return byId.size();
    }
}
