// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.shard.NodeMessages;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Timer;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Vert.x as one machine has it, in virtual time: contexts, timers, the event bus to the other machines, and a server. */
final class Platform {

    /** Brings the bytes of a message to the platform that has the address, if it is reached. */
    interface Bus {
        void send(Platform from, String address, Class<?> type, byte[] message);
    }

    private final Machine machine;
    private final Bus others;
    private final Map<String, Handler<Message<Object>>> consumers = new HashMap<>();
    private final Set<Long> timers = new HashSet<>();
    private final EventBus eventBus = eventBus();
    private final Vertx vertx = vertx();
    private Handler<ServerWebSocket> onSocket = socket -> {};
    private long lastTimer;

    Platform(Machine machine, Bus others) {
        this.machine = machine;
        this.others = others;
    }

    Vertx asVertx() {
        return vertx;
    }

    Machine machine() {
        return machine;
    }

    /** Starts a verticle in a context of its own. */
    void deploy(Deployable verticle) {
        try {
            Future<?> unused = verticle.deploy(context());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A client has opened a WebSocket. */
    void accept(ServerWebSocket socket) {
        onSocket.handle(socket);
    }

    boolean hears(String address) {
        return consumers.containsKey(address);
    }

    void receive(String address, byte[] body) {
        Handler<Message<Object>> consumer = consumers.get(address);
        if (consumer != null) {
            consumer.handle(message(body));
        }
    }

    @SuppressWarnings("unchecked")
    private static Message<Object> message(Object body) {
        return new Stub().answer("body", none -> body).as(Message.class);
    }

    @SuppressWarnings("unchecked")
    private EventBus eventBus() {
        MessageConsumer<Object> registered = new Stub()
                .answer("completion", none -> Future.succeededFuture())
                .as(MessageConsumer.class);
        return new Stub()
                .run("send", given -> send((String) given[0], (byte[]) given[1]))
                .run("serializableChecker", given -> {})
                .run("clusterSerializableChecker", given -> {})
                .answer("consumer", given -> {
                    consumers.put((String) given[0], (Handler<Message<Object>>) given[1]);
                    return registered;
                })
                .as(EventBus.class);
    }

    /** What travels together may be lost, delayed and doubled each by itself: that is harder to stand. */
    private void send(String address, byte[] body) {
        NodeMessages.opened(body)
                .forEach(each -> others.send(this, address, each.getClass(), NodeMessages.encoded(each)));
    }

    private Vertx vertx() {
        return new Stub()
                .answer("eventBus", none -> eventBus)
                .answer("getOrCreateContext", none -> context())
                .answer("timer", given -> timer(((TimeUnit) given[1]).toMillis((Long) given[0])))
                .answer("setTimer", given -> timer((Long) given[0], false, handler(given)))
                .answer("setPeriodic", given -> timer((Long) given[0], true, handler(given)))
                .answer("cancelTimer", given -> timers.remove((Long) given[0]))
                .answer("createHttpServer", given -> server())
                .as(Vertx.class);
    }

    @SuppressWarnings("unchecked")
    private static Handler<Object> handler(Object[] given) {
        return (Handler<Object>) given[given.length - 1];
    }

    private long timer(long millis, boolean again, Handler<Object> handler) {
        long id = ++lastTimer;
        timers.add(id);
        plan(id, millis, again, handler);
        return id;
    }

    private Timer timer(long millis) {
        return new Stub()
                .run(
                        "onSuccess",
                        given -> timer(millis, false, id -> handler(given).handle(null)))
                .as(Timer.class);
    }

    private void plan(long id, long millis, boolean again, Handler<Object> handler) {
        machine.after(millis, () -> {
            if (again ? timers.contains(id) : timers.remove(id)) {
                handler.handle(id);
                if (again) {
                    plan(id, millis, true, handler);
                }
            }
        });
    }

    private Context context() {
        return new Stub()
                .answer("owner", none -> vertx)
                .run(
                        "runOnContext",
                        given -> machine.after(0, () -> handler(given).handle(null)))
                .as(Context.class);
    }

    @SuppressWarnings("unchecked")
    private HttpServer server() {
        return new Stub()
                .run("webSocketHandler", given -> onSocket = (Handler<ServerWebSocket>) given[0])
                .run("webSocketHandshakeHandler", given -> {})
                .run("connectionHandler", given -> {})
                .run("requestHandler", given -> {})
                .answer("listen", given -> Future.succeededFuture())
                .answer("shutdown", none -> Future.succeededFuture())
                .as(HttpServer.class);
    }
}
