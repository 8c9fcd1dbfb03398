// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Queue;

/** Asks one node for a channel of each shard, again and again, and notes when it is answered and what. */
final class Prober {

    private static final long PERIOD_MS = 150;
    private static final long RECONNECT_MS = 100;

    /**
     * One question and its answer.
     *
     * @param code 0, or an error code
     */
    record Probe(int node, int shard, long askedNanos, long answeredNanos, int code) {}

    private final FaultNet net;
    private final int node;
    private final List<String> channels;
    private final Queue<Probe> probes;
    private volatile boolean ends;
    private volatile Connection connection;
    private long lastId;

    /** @param channels one of each shard, in their order */
    Prober(FaultNet net, int node, List<String> channels, Queue<Probe> probes) {
        this.net = net;
        this.node = node;
        this.channels = channels;
        this.probes = probes;
    }

    /** It comes back for as long as it is needed. */
    void start() {
        net.vertx()
                .executeBlocking(() -> Connection.to(net.nearAddress(node), net.webSockets(), this::onEvent), false)
                .onSuccess(this::login)
                .onFailure(failure -> again());
    }

    private void again() {
        if (!ends) {
            net.vertx().setTimer(RECONNECT_MS, id -> start());
        }
    }

    private void onEvent(JsonObject event) {
        if ("heartbeat".equals(event.getString("event")) && connection != null) {
            connection.send(new JsonObject().put("op", "heartbeat").put("n", event.getLong("n")));
        }
    }

    private synchronized long nextId() {
        return ++lastId;
    }

    private void login(Connection next) {
        connection = next;
        String user = "prober" + node;
        JsonObject request = new JsonObject()
                .put("id", nextId())
                .put("op", "login")
                .put("userId", user)
                .put("token", net.loginToken(user));
        next.ask(request).whenComplete((welcome, failure) -> {
            if (failure != null || welcome.getInteger("errorCode") != 0) {
                next.drop();
                again();
                return;
            }
            for (int shard = 0; shard < channels.size(); shard++) {
                ask(next, shard);
            }
        });
    }

    private void ask(Connection through, int shard) {
        if (ends) {
            through.close();
            return;
        }
        long asked = System.nanoTime();
        JsonObject request = new JsonObject()
                .put("id", nextId())
                .put("op", "getLock")
                .put("channel", channels.get(shard))
                .put("channelType", 1);
        through.ask(request).whenComplete((reply, failure) -> {
            if (failure == null) {
                probes.add(new Probe(node, shard, asked, System.nanoTime(), reply.getInteger("errorCode")));
            } else if (shard == 0 && through == connection) {
                connection = null;
                again();
            }
        });
        net.vertx().setTimer(PERIOD_MS, id -> {
            if (through == connection) {
                ask(through, shard);
            }
        });
    }

    void end() {
        ends = true;
    }
}
