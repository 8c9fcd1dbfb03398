// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.Command;
import io.rtmlocks.shard.Delivery;
import io.rtmlocks.wire.ErrorCode;
import io.rtmlocks.wire.FrameWriter;
import java.util.List;

/** Brings what the shards send to the sockets of this node. */
final class Deliveries implements Delivery.Visitor {

    private final Sessions sessions;
    private final Audience audience;
    private final Login login;
    private final Timers timers;

    Deliveries(Sessions sessions, Audience audience, Login login, Timers timers) {
        this.sessions = sessions;
        this.audience = audience;
        this.login = login;
        this.timers = timers;
    }

    void onDeliveries(List<Delivery> deliveries) {
        for (Delivery delivery : deliveries) {
            delivery.accept(this);
        }
    }

    /** An answer nobody waits for any more is dropped: a wait's is kept for the session's next connection. */
    @Override
    public void answered(Delivery.Answered delivery) {
        Session session = sessions.byId(delivery.sessionId());
        Session.Pending pending = session == null ? null : session.pending.remove(delivery.requestId());
        if (session == null || pending == null) {
            return;
        }
        pending.answered = true;
        if (pending.request instanceof Command.Subscribe && !delivery.success()) {
            Subscription refused = session.subscriptions.get(pending.request.channel());
            if (refused != null && refused.request == pending.request) {
                audience.leave(refused);
            }
        }
        if (session.socket != null || pending.waits()) {
            session.send(delivery.frame());
        }
    }

    @Override
    public void notice(Delivery.Notice delivery) {
        Session session = sessions.byId(delivery.sessionId());
        if (session == null) {
            return;
        }
        if (delivery.mustArrive()) {
            session.sendForSure(delivery.frame());
        } else if (session.socket != null) {
            session.send(delivery.frame());
        }
    }

    @Override
    public void snapshot(Delivery.Snapshot delivery) {
        Session session = sessions.byId(delivery.sessionId());
        if (session != null) {
            audience.onSnapshot(session, delivery);
        }
    }

    @Override
    public void event(Delivery.Event delivery) {
        audience.onEvent(delivery);
    }

    @Override
    public void resumed(Delivery.Resumed delivery) {
        Session session = sessions.byId(delivery.sessionId());
        if (session != null) {
            login.onResumed(session, delivery);
        }
    }

    @Override
    public void departed(Delivery.Departed delivery) {
        Session session = sessions.byId(delivery.sessionId());
        if (session != null && session.epoch == delivery.epoch()) {
            session.settled(delivery.shard());
        }
    }

    @Override
    public void notAdmitted(Delivery.NotAdmitted delivery) {
        Session session = sessions.byId(delivery.caller().sessionId());
        if (session == null || session.epoch != delivery.caller().epoch()) {
            return;
        }
        Session.Pending pending = session.pending.remove(delivery.caller().requestId());
        if (pending != null) {
            pending.answered = true;
            session.send(FrameWriter.failure(
                    delivery.caller().requestId(),
                    timers.utcMillis(),
                    pending.request.operation(),
                    ErrorCode.UNAVAILABLE,
                    "the session is being moved: nothing happened, ask again",
                    null));
        }
    }
}
