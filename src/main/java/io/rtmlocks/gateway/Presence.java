// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.wire.CloseCode;

/**
 * Tells the shards who is here: the life of a session beyond its connections (PROTOCOL.md §2).
 *
 * <pre>
 * session   | input                                | next state | the shards hear
 * ----------+--------------------------------------+------------+-----------------------
 * ONLINE    | nothing heard for offlineAfterMs     | OFFLINE    | offline
 * ONLINE    | connection ends, code 1000           | OFFLINE    | gone
 * ONLINE    | connection ends, code 1001           | OFFLINE    | offline, after leaveGraceMs gone
 * ONLINE    | connection ends otherwise            | OFFLINE    | offline
 * ONLINE    | another connection resumes it        | ONLINE     | online, next epoch
 * ONLINE    | logout                               | forgotten  | gone
 * OFFLINE   | something heard on its connection    | ONLINE     | online, next epoch
 * OFFLINE   | a connection resumes it              | ONLINE     | online, next epoch
 * OFFLINE   | rememberedMs without a connection    | forgotten  | gone
 * </pre>
 */
final class Presence {

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
     * @param whenSettled run when every shard that knows the session has said what it holds and waits for
     */
    void resume(Session session, ClientSocket socket, Runnable whenSettled) {
        ClientSocket former = session.socket;
        session.socket = socket;
        if (former != null) {
            session.connectionLost();
            audience.leaveAll(session);
            former.close(CloseCode.TAKEN_OVER);
        }
        session.pending.values().removeIf(pending -> !pending.waits());
        comeOnline(session);
        settle(session, whenSettled);
    }

    private void comeOnline(Session session) {
        timers.cancel(session.timer);
        session.online = true;
        session.epoch++;
        shards.announceOnline(session);
    }

    private void settle(Session session, Runnable whenSettled) {
        session.awaited.clear();
        session.awaited.or(session.shards);
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
        settle(session, () -> {
            timers.cancel(session.timer);
            sessions.forget(session);
            whenSettled.run();
        });
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
        boolean wasOnline = session.online;
        session.online = false;
        if (end == ClientSocket.End.LEFT) {
            shards.announceGone(session);
        } else if (wasOnline) {
            shards.announceOffline(session);
        }
        if (end == ClientSocket.End.GOING_AWAY) {
            session.timer = timers.after(settings.leaveGraceMs(), () -> {
                shards.announceGone(session);
                forgetLater(session);
            });
        } else {
            forgetLater(session);
        }
    }

    private void forgetLater(Session session) {
        session.timer = timers.after(settings.rememberedMs(), () -> {
            shards.announceGone(session);
            sessions.forget(session);
        });
    }
}
