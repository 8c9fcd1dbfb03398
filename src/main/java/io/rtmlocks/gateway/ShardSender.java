// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.shard.CommandBatch;
import io.rtmlocks.shard.DeliveryBatch;
import io.rtmlocks.shard.Leads;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.Rights;
import io.rtmlocks.shard.ShardMap;
import io.rtmlocks.shard.Sources;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands to the leaders of their shards: what gathers in one turn of the loop goes to each shard as one message.
 *
 * <p>The first command of a session to a shard is preceded by word that the session is online. A new leader is told of all
 * sessions that are here, and asked again what has had no answer.
 */
final class ShardSender {

    private final NodeBus bus;
    private final ShardMap map;
    private final Context context;
    private final Sessions sessions;
    private final Sources sources;
    private final List<Route> routes = new ArrayList<>();
    private boolean isFlushDue;
    private Audience audience;

    @SuppressWarnings("NullAway.Init") // the audience speaks to the shards as well
    ShardSender(NodeBus bus, ShardMap map, Context context, Sessions sessions, Sources sources) {
        this.bus = bus;
        this.map = map;
        this.context = context;
        this.sessions = sessions;
        this.sources = sources;
        for (int i = 0; i < map.shards(); i++) {
            int shard = i;
            routes.add(new Route(shard, bus, sources::monotonicMillis, () -> giveAccount(shard)));
        }
    }

    void audience(Audience all) {
        audience = all;
    }

    int shards() {
        return map.shards();
    }

    /** @param pending what becomes of the request is noted here, null for one that nobody waits for */
    void send(Session session, Command.Request request, Session.@Nullable Pending pending) {
        int shard = map.shardOf(request.channel());
        if (!session.shards.get(shard)) {
            session.shards.set(shard);
            announceOnline(session, shard);
        }
        add(shard, request, pending);
    }

    /** Tells every shard that knows the session that it is online, in its present epoch. */
    void announceOnline(Session session) {
        session.shards.stream().forEach(shard -> announceOnline(session, shard));
    }

    /** Tells this one. */
    void announceOnline(Session session, int shard) {
        permit(shard, session);
        add(shard, new Command.SessionOnline(session.id, session.epoch, session.userId, bus.address()), null);
    }

    int shardOf(ChannelKey channel) {
        return map.shardOf(channel);
    }

    /** Asks this shard again what the session has had no answer to, and may still ask. */
    void askAgain(Session session, int shard) {
        session.pending.forEach((id, pending) -> {
            boolean isAllowed = session.access.rights().allow(pending.request);
            boolean isHere = map.shardOf(pending.request.channel()) == shard;
            if (isHere && pending.withdrawn) {
                cancel(session, pending.request);
            } else if (isHere && isAllowed) {
                add(shard, pending.request.by(new Caller(session.id, session.epoch, id)), pending);
            }
        });
    }

    /** The session has come to a new epoch while this was under way; 0 stands for what nobody asked by a request. */
    void askAgain(Session session, int shard, long requestId) {
        Session.Pending pending = session.pending.get(requestId);
        if (requestId == 0) {
            audience.renewAll(session, channel -> map.shardOf(channel) == shard);
        } else if (session.online && pending != null) {
            add(shard, pending.request.by(new Caller(session.id, session.epoch, requestId)), pending);
        }
    }

    void announceOffline(Session session) {
        farewell(session, new Command.SessionOffline(session.id, session.epoch));
    }

    void announceGone(Session session) {
        farewell(session, new Command.SessionGone(session.id, session.epoch));
    }

    private void farewell(Session session, Command command) {
        session.shards.stream().forEach(shard -> {
            routes.get(shard).farewell(session.id, session.epoch, command);
            add(shard, command, null);
        });
    }

    void noted(int shard, String sessionId, long epoch) {
        routes.get(shard).noted(sessionId, epoch);
    }

    /** A leader that misses it sends events that are not for anybody, and is told again. */
    void disinterest(ChannelKey channel) {
        flush();
        int shard = map.shardOf(channel);
        for (String node : bus.nodes().addresses()) {
            bus.send(node, new CommandBatch.Disinterest(shard, bus.address(), channel));
        }
    }

    void onLeads(Leads leads, long nowMillis) {
        if (leads.shard() < routes.size()) {
            routes.get(leads.shard()).onLeads(leads, nowMillis);
        }
    }

    /** @return whether it is the next in order, and is to be delivered */
    boolean isNext(DeliveryBatch batch) {
        return batch.shard() < routes.size() && routes.get(batch.shard()).isNext(batch);
    }

    /** What is in the message has been told: its shard waits for that word. */
    void told(DeliveryBatch batch) {
        routes.get(batch.shard()).told(batch);
    }

    void onRefused(CommandBatch.Refused refused) {
        if (refused.shard() < routes.size() && routes.get(refused.shard()).onRefused(refused)) {
            for (Session session : sessions.all()) {
                session.pending.values().stream()
                        .filter(each -> map.shardOf(each.request.channel()) == refused.shard())
                        .forEach(each -> each.refused(refused.stream(), refused.number()));
            }
        }
    }

    void onTick(long nowMillis) {
        routes.forEach(route -> route.onTick(nowMillis));
    }

    /** Whether the channel's shard has had no leader for so long that none is expected just now. */
    boolean isDeserted(ChannelKey channel, long nowMillis) {
        return routes.get(map.shardOf(channel)).isDeserted(nowMillis);
    }

    boolean isAnyDeserted(long nowMillis) {
        return routes.stream().anyMatch(route -> route.isDeserted(nowMillis));
    }

    /** How many shards have no leader that could be reached. */
    int unreachable() {
        return (int) routes.stream().filter(route -> !route.isOpen()).count();
    }

    /**
     * Whether every shard that knows the session counts it as online, and will for some time: its leader has heard from here a
     * moment ago, and waits for much longer before it takes a node for lost.
     */
    boolean vouchFor(Session session) {
        long nowMillis = sources.monotonicMillis();
        return session.online
                && session.shards.stream()
                        .allMatch(shard ->
                                session.vouching.get(shard) && routes.get(shard).isHeardAt(nowMillis));
    }

    private void giveAccount(int shard) {
        for (Session session : sessions.all()) {
            session.vouching.clear(shard);
            if (session.online && session.shards.get(shard)) {
                announceOnline(session, shard);
                askAgain(session, shard);
            }
            audience.renewAll(session, channel -> map.shardOf(channel) == shard);
        }
    }

    /** Ends the wait of this request; nobody waits for the answer to that. */
    void cancel(Session session, Command.Request waiting) {
        Caller nobody = new Caller(session.id, session.epoch, 0);
        send(session, new Command.CancelAcquire(nobody, waiting.channel(), waiting.lockName()), null);
    }

    /** Tells every shard that knows the session what it may do now; what was asked before was by its former rights. */
    void announceRights(Session session) {
        flush();
        session.shards.stream().forEach(shard -> permit(shard, session));
        flushSoon();
    }

    private void permit(int shard, Session session) {
        Rights rights = session.access.rights();
        routes.get(shard).permit(new CommandBatch.Permit(session.id, session.epoch, rights));
    }

    private void add(int shard, Command command, Session.@Nullable Pending pending) {
        if (routes.get(shard).add(command, pending)) {
            flushSoon();
        }
    }

    private void flushSoon() {
        if (!isFlushDue) {
            isFlushDue = true;
            context.runOnContext(v -> flush());
        }
    }

    private void flush() {
        isFlushDue = false;
        routes.forEach(Route::flush);
    }
}
