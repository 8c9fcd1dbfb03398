// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.shard.Rights;
import io.rtmlocks.wire.CloseCode;
import java.util.BitSet;
import java.util.List;

/**
 * Tells the shards who is here: the life of a session beyond its connections (PROTOCOL.md §2).
 *
 * <pre>
 * session   | input                                | next state | the shards hear
 * ----------+--------------------------------------+------------+-----------------------
 * ONLINE    | nothing heard for offlineAfterMs     | OFFLINE    | offline
 * ONLINE    | connection ends, code 1000           | OFFLINE    | offline, gone
 * ONLINE    | connection ends, code 1001           | OFFLINE    | offline, after leaveGraceMs gone
 * ONLINE    | connection ends otherwise            | OFFLINE    | offline
 * ONLINE    | another connection resumes it        | ONLINE     | online, next epoch
 * ONLINE    | logout                               | forgotten  | gone
 * any       | another node resumes it              | forgotten  | (told by that node)
 * OFFLINE   | something heard on its connection    | ONLINE     | online, next epoch
 * OFFLINE   | a connection resumes it              | ONLINE     | online, next epoch
 * OFFLINE   | rememberedMs without a connection    | forgotten  | gone
 * </pre>
 */
final class Presence {

    /** A ttl may be as long as a session is remembered: its lock expires before its owner is taken for one who left. */
    private static final long LATER_THAN_TTL_MILLIS = 1_000;

    private final Sessions sessions;
    private final Audience audience;
    private final ShardSender shards;
    private final Timers timers;
    private final GatewaySettings settings;

    Presence(Sessions sessions, Audience audience, ShardSender shards, Timers timers, GatewaySettings settings) {
        this.sessions = sessions;
        this.audience = audience;
        this.shards = shards;
        this.timers = timers;
        this.settings = settings;
    }

    /**
     * A connection takes the session over; the one it had is closed.
     *
     * @param awaited whose word is awaited
     * @param whenSettled run when every shard that knows the session has said what it holds and waits for
     */
    void resume(Session session, ClientSocket socket, BitSet awaited, Runnable whenSettled) {
        ClientSocket former = session.socket;
        session.socket = socket;
        session.end = ClientSocket.End.BROKEN;
        if (former != null) {
            session.connectionLost();
            audience.leaveAll(session);
            former.close(CloseCode.TAKEN_OVER);
        }
        session.pending.entrySet().removeIf(entry -> {
            boolean isAskedAgain = !entry.getValue().waits();
            if (isAskedAgain && !entry.getValue().surelyDidNotHappen()) {
                session.doubt(entry.getKey());
            }
            return isAskedAgain;
        });
        comeOnline(session);
        settle(session, awaited, whenSettled);
    }

    /** A leader that was new while the session was away has heard nothing of what it asked before. */
    private void comeOnline(Session session) {
        timers.cancel(session.timer);
        session.online = true;
        session.epoch++;
        session.vouching.clear();
        shards.announceOnline(session);
        session.shards.stream().forEach(shard -> shards.askAgain(session, shard));
    }

    private static void settle(Session session, BitSet awaited, Runnable whenSettled) {
        session.awaited.clear();
        session.awaited.or(awaited);
        session.whenSettled = whenSettled;
        if (session.awaited.isEmpty()) {
            session.settled(0);
        }
    }

    /** @param whenSettled run when all that the session held is released */
    void logout(Session session, Runnable whenSettled) {
        audience.leaveAll(session);
        session.online = false;
        shards.announceGone(session);
        settle(session, session.shards, () -> {
            timers.cancel(session.timer);
            sessions.forget(session);
            whenSettled.run();
        });
        session.timer = timers.after(settings.answerWithinMs(), session::settleAnyway);
    }

    /** A logout from outside: the session is over, and its connection ends with this code. */
    void disconnect(Session session, CloseCode code) {
        ClientSocket socket = session.socket;
        if (socket != null) {
            socket.pause();
        }
        logout(session, () -> {
            session.sendUndelivered();
            session.socket = null;
            if (socket != null) {
                socket.close(code);
            }
        });
    }

    /** Another token counts from here on. What was begun under the one before ends, where this one does not give it. */
    void onRenewed(Session session, Access access) {
        Rights rights = access.rights();
        List.copyOf(session.subscriptions.values()).stream()
                .filter(subscription -> !rights.allow(subscription.request))
                .forEach(audience::leave);
        endForbiddenWaits(session, rights);
        session.access = access;
        shards.announceRights(session);
    }

    /** What is waited for without the right to have it ends: by the shard, which may have granted it already. */
    void endForbiddenWaits(Session session, Rights rights) {
        List.copyOf(session.pending.values()).stream()
                .filter(pending -> pending.waits() && !rights.allow(pending.request))
                .forEach(pending -> {
                    pending.withdrawn = true;
                    shards.cancel(session, pending.request);
                });
    }

    /** A shard does not count the session as online in the epoch that this gateway said: it must be said in a later one. */
    void onNotAdmitted(Session session, int shard, long knownEpoch) {
        if (session.online) {
            session.epoch = Math.max(session.epoch, knownEpoch) + 1;
            session.vouching.clear();
            shards.announceOnline(session);
            shards.askAgain(session, shard);
            audience.onLost(session);
        }
    }

    /** The session has gone on at another node, which tells the shards; if it dies before it has told all, they have this word. */
    void letGo(Session session) {
        ClientSocket socket = session.socket;
        audience.leaveAll(session);
        if (session.online) {
            shards.announceOffline(session);
        }
        timers.cancel(session.timer);
        session.online = false;
        session.socket = null;
        sessions.letGo(session);
        if (socket != null) {
            socket.close(CloseCode.TAKEN_OVER);
        }
    }

    void onSilent(Session session) {
        session.online = false;
        shards.announceOffline(session);
    }

    /** What it lost meanwhile is told before what the channels look like now. */
    void onHeardAgain(Session session) {
        comeOnline(session);
        audience.onHeardAgain(session);
    }

    /** The session's present connection is over. */
    void onEnd(Session session, ClientSocket.End end) {
        session.socket = null;
        session.connectionLost();
        audience.leaveAll(session);
        if (session.online) {
            shards.announceOffline(session);
        }
        session.online = false;
        session.end = end;
        forgetLater(session);
        if (!session.isUnsettled()) {
            takeLeave(session);
        }
    }

    /**
     * How the last connection ended counts once the shards know that it was the session's: until then the session may be on another one,
     * resumed with the same token at a node of which nothing is heard here.
     */
    void takeLeave(Session session) {
        if (session.end == ClientSocket.End.LEFT) {
            shards.announceGone(session);
        } else if (session.end == ClientSocket.End.GOING_AWAY) {
            timers.cancel(session.timer);
            session.timer = timers.after(settings.leaveGraceMs(), () -> {
                shards.announceGone(session);
                forgetLater(session);
            });
        }
    }

    private void forgetLater(Session session) {
        session.timer = timers.after(settings.rememberedMs() + LATER_THAN_TTL_MILLIS, () -> {
            shards.announceGone(session);
            sessions.forget(session);
        });
    }
}
