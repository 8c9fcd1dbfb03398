// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.shard.CommandBatch;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.ShardMap;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends commands to their shards: what gathers in one turn of the loop goes to each shard as one message, in order.
 *
 * <p>The first command of a session to a shard is preceded by word that the session is online.
 */
final class ShardSender {

    private final NodeBus bus;
    private final ShardMap map;
    private final Context context;
    private Map<Integer, List<Command>> gathered = new LinkedHashMap<>();

    ShardSender(NodeBus bus, ShardMap map, Context context) {
        this.bus = bus;
        this.map = map;
        this.context = context;
    }

    void send(Session session, Command.Request request) {
        int shard = map.shardOf(request.channel());
        if (!session.shards.get(shard)) {
            session.shards.set(shard);
            add(shard, online(session));
        }
        add(shard, request);
    }

    /** Tells every shard that knows the session that it is online, in its present epoch. */
    void announceOnline(Session session) {
        session.shards.stream().forEach(shard -> add(shard, online(session)));
    }

    void announceOffline(Session session) {
        Command offline = new Command.SessionOffline(session.id, session.epoch);
        session.shards.stream().forEach(shard -> add(shard, offline));
    }

    void announceGone(Session session) {
        Command gone = new Command.SessionGone(session.id, session.epoch);
        session.shards.stream().forEach(shard -> add(shard, gone));
    }

    void disinterest(ChannelKey channel) {
        flush();
        bus.toShard(new CommandBatch.Disinterest(map.shardOf(channel), bus.address(), channel));
    }

    private Command online(Session session) {
        return new Command.SessionOnline(session.id, session.epoch, session.userId, bus.address());
    }

    private void add(int shard, Command command) {
        if (gathered.isEmpty()) {
            context.runOnContext(v -> flush());
        }
        gathered.computeIfAbsent(shard, key -> new ArrayList<>()).add(command);
    }

    private void flush() {
        Map<Integer, List<Command>> full = gathered;
        gathered = new LinkedHashMap<>();
        full.forEach((shard, commands) -> bus.toShard(new CommandBatch(shard, bus.address(), commands)));
    }
}
