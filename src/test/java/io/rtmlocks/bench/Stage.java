// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Where all of a run happens: the servers that stay up, and the one event loop on which all clients live. */
final class Stage implements AutoCloseable {
    private static final int STEP_SECONDS_MAX = 300;
    private static final int LOGINS_AT_ONCE = 50;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    final Context context = vertx.getOrCreateContext();
    final NetClient net =
            vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true).setReconnectAttempts(0));
    private final Map<String, Servers> running = new LinkedHashMap<>();
    private final Map<String, PeerDriver> drivers = new LinkedHashMap<>();

    /** The servers of a program, started when they are first asked for. */
    Servers running(Program program) throws IOException {
        Servers servers = running.get(program.name());
        if (servers == null) {
            servers = program.launch();
            running.put(program.name(), servers);
        }
        return servers;
    }

    /** The driver of a peer, started when it is first asked for. */
    PeerDriver driver(String name, List<String> words) throws IOException {
        PeerDriver driver = drivers.get(name);
        if (driver == null) {
            driver = new PeerDriver(words);
            drivers.put(name, driver);
            System.out.println(name + ": " + driver.about.encode());
        }
        return driver;
    }

    /**
     * Does it on the event loop, and waits until what it began has ended.
     *
     * @throws IllegalStateException when that failed, with its words
     */
    <T> T on(Supplier<Future<T>> task) throws Exception {
        Promise<T> done = Promise.promise();
        context.runOnContext(v -> task.get().onComplete(done));
        try {
            return done.future().toCompletionStage().toCompletableFuture().get(STEP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        }
    }

    void leave(List<LoadSession> sessions) throws Exception {
        on(() -> {
            sessions.forEach(LoadSession::close);
            return Future.succeededFuture();
        });
    }

    /** Lets time pass in which nothing is asked. */
    void pass(double seconds) throws Exception {
        on(() -> vertx.timer((long) (seconds * 1e3), TimeUnit.MILLISECONDS));
    }

    void timer(long millis, Runnable task) {
        vertx.setTimer(millis, id -> task.run());
    }

    /** Clients that are users of their own, spread over the endpoints in turn. Call on the event loop. */
    Future<List<LoadSession>> login(List<Endpoint> endpoints, int count, Failure failure) {
        return login(endpoints, count, failure, new ArrayList<>());
    }

    private Future<List<LoadSession>> login(
            List<Endpoint> endpoints, int count, Failure failure, List<LoadSession> sessions) {
        if (sessions.size() == count) {
            return Future.succeededFuture(sessions);
        }
        List<Future<LoadSession>> some = new ArrayList<>();
        for (int i = sessions.size(); i < Math.min(count, sessions.size() + LOGINS_AT_ONCE); i++) {
            some.add(LoadSession.login(net, endpoints.get(i % endpoints.size()), "u" + i, failure));
        }
        return Future.all(some).compose(all -> {
            sessions.addAll(all.list());
            return login(endpoints, count, failure, sessions);
        });
    }

    @Override
    public void close() {
        running.values().forEach(Servers::close);
        drivers.values().forEach(PeerDriver::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
