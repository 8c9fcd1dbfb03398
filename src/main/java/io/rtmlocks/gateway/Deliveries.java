// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Operation;
import io.rtmlocks.shard.Claim;
import io.rtmlocks.shard.CommandBatch;
import io.rtmlocks.shard.Delivery;
import io.rtmlocks.shard.DeliveryBatch;
import io.rtmlocks.shard.Leads;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.Rights;
import io.rtmlocks.wire.CloseCode;
import io.rtmlocks.wire.ErrorCode;
import io.rtmlocks.wire.FrameWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings what the shards send to the sockets of this node. */
final class Deliveries implements Delivery.Visitor, NodeBus.GatewayEnd {

    private final Sessions sessions;
    private final Audience audience;
    private final Login login;
    private final Presence presence;
    private final ShardSender shards;
    private final NodeBus bus;
    private final Timers timers;
    private final GatewayMeters meters;
    private int shard;
    private long batchNanos;
    private int eventsWritten;
    private boolean isLossTold;

    Deliveries(
            Sessions sessions,
            Audience audience,
            Login login,
            Presence presence,
            ShardSender shards,
            NodeBus bus,
            Timers timers,
            GatewayMeters meters) {
        this.sessions = sessions;
        this.audience = audience;
        this.login = login;
        this.presence = presence;
        this.shards = shards;
        this.bus = bus;
        this.timers = timers;
        this.meters = meters;
    }

    @Override
    public void onDeliveries(DeliveryBatch batch) {
        if (shards.isNext(batch)) {
            shard = batch.shard();
            batchNanos = meters.nanos();
            eventsWritten = 0;
            isLossTold = false;
            for (Delivery delivery : batch.deliveries()) {
                delivery.accept(this);
            }
            if (isLossTold) {
                shards.told(batch);
            }
            if (eventsWritten > 0 && batch.committedNanos() != DeliveryBatch.ELSEWHERE) {
                meters.deliveryTook(meters.nanos() - batch.committedNanos());
            }
        }
    }

    @Override
    public void onRefused(CommandBatch.Refused refused) {
        shards.onRefused(refused);
    }

    @Override
    public void onLeads(Leads leads) {
        shards.onLeads(leads, timers.millis());
    }

    @Override
    public void onClaim(Claim claim) {
        Session session = sessions.byId(claim.sessionId());
        boolean isKnown = session != null && session.logins < claim.logins();
        List<String> heard = List.of();
        if (session != null && isKnown) {
            heard = session.heardLosses();
            presence.letGo(session);
        }
        bus.send(claim.gateway(), new Claim.Yielded(claim.sessionId(), claim.logins(), isKnown, heard));
    }

    @Override
    public void onYielded(Claim.Yielded yielded) {
        Session session = sessions.byId(yielded.sessionId());
        if (session != null && session.logins == yielded.logins()) {
            login.onYielded(session, yielded.wasKnown(), yielded.heard());
        }
    }

    @Override
    public void noted(Delivery.Noted delivery) {
        shards.noted(delivery.shard(), delivery.sessionId(), delivery.epoch());
    }

    /** Only where it overtakes nothing: the leader has said that it knows the session, and says no more than the answer. */
    @Override
    public void onEarlyAnswer(int fromShard, Delivery.Answered delivery) {
        Session session = sessions.byId(delivery.sessionId());
        if (session != null && session.vouching.get(fromShard) && session.mayBeAnsweredNow(delivery.requestId())) {
            shard = fromShard;
            batchNanos = meters.nanos();
            answered(delivery);
        }
    }

    /**
     * An answer nobody waits for any more is dropped: a wait's is kept for the session's next connection. What ended a wait while
     * the session was between two nodes, the other one waited for.
     */
    @Override
    public void answered(Delivery.Answered delivery) {
        Session session = sessions.byId(delivery.sessionId());
        Session.Pending pending = session == null ? null : session.answered(delivery.requestId());
        if (session != null
                && login.isFirstWhileFetching(session, delivery.requestId())
                && pending == null
                && delivery.late()) {
            session.send(delivery.frame());
        }
        if (session == null || pending == null) {
            return;
        }
        if (pending.request instanceof Command.AcquireLock && delivery.error() == null) {
            session.granted.set(shard);
        }
        boolean isForbidden = pending.withdrawn && delivery.error() != null;
        count(pending, isForbidden ? ErrorCode.FORBIDDEN : delivery.error());
        audience.answered(session, pending.request, delivery.error() != null);
        String frame = isForbidden ? forbidden(delivery.requestId(), pending) : delivery.frame();
        if (pending.waits()) {
            session.sendFirst(frame);
        } else if (session.socket != null) {
            session.send(frame);
        }
    }

    private String forbidden(long requestId, Session.Pending pending) {
        return FrameWriter.failure(
                requestId, timers.utcMillis(), pending.request.operation(), ErrorCode.FORBIDDEN, Rights.REFUSAL, null);
    }

    private void count(Session.Pending pending, @Nullable ErrorCode error) {
        Operation operation = pending.request.operation();
        meters.answered(operation, error);
        if (!pending.waits()) {
            meters.took(operation, batchNanos - pending.askedNanos);
        }
    }

    @Override
    public void notice(Delivery.Notice delivery) {
        isLossTold |= delivery.mustArrive();
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
        eventsWritten += audience.onEvent(delivery);
    }

    @Override
    public void resumed(Delivery.Resumed delivery) {
        Session session = sessions.byId(delivery.sessionId());
        if (session == null) {
            return;
        }
        session.knownAs(delivery);
        if (session.epoch == delivery.epoch()) {
            session.vouching.set(delivery.shard());
        }
        if (session.isUnsettled()) {
            login.onResumed(session, delivery);
        } else if (session.isForgotten) {
            presence.disconnect(session, CloseCode.OVERLOADED);
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
        if (session == null) {
            return;
        }
        if (session.epoch != delivery.caller().epoch()) {
            shards.askAgain(session, delivery.shard(), delivery.caller().requestId());
            return;
        }
        boolean isElsewhere = delivery.elsewhere() && delivery.knownEpoch() >= session.epoch;
        if (isElsewhere && !login.isUnderWay(session)) {
            presence.letGo(session);
        } else if (session.isOutdatedBy(delivery.knownEpoch())) {
            login.onOutdated(session);
        } else {
            presence.onNotAdmitted(session, delivery.shard(), delivery.knownEpoch());
        }
    }
}
