// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fan-out by a server that knows nothing of locks: one client says what a lock's event would, and all get it. */
final class Broadcast implements Workload.Work {
    private static final int CONNECTS_AT_ONCE = 50;
    private static final String EVENT =
            "{\"event\":\"lock\",\"eventType\":\"ACQUIRED\",\"channel\":\"fan\",\"channelType\":\"MESSAGE\","
                    + "\"lockName\":\"l\",\"owner\":\"u0\",\"ttl\":10,\"fencingToken\":1838747349976064,\"publisher\":\"u0\","
                    + "\"previousOwner\":\"\",\"cause\":\"RELEASED\",\"seq\":123456,\"timestamp\":1795651708987}";

    private final Stage stage;
    private final Dialect dialect;
    private final Failure failure;
    private final List<Long> pids = new ArrayList<>();
    private final List<LoadSocket> sockets = new ArrayList<>();
    private int missing;
    private Runnable onAll = () -> {};

    /** How the server wants to be spoken to. */
    enum Dialect {
        /** Every frame goes to all as it came. */
        BARE {
            @Override
            String greeting() {
                return "";
            }

            @Override
            String change() {
                return EVENT;
            }
        },
        /** Socket.IO 5 over Engine.IO 4. */
        SOCKET_IO {
            @Override
            String greeting() {
                return "40";
            }

            @Override
            String change() {
                return "42[\"change\"," + EVENT + "]";
            }
        };

        /** Sent after the server's first frame, and answered by one; empty for none. */
        abstract String greeting();

        abstract String change();
    }

    private Broadcast(Stage stage, Dialect dialect, Failure failure) {
        this.stage = stage;
        this.dialect = dialect;
        this.failure = failure;
    }

    /** @param server what its driver said of it: {@code url} and {@code servers} */
    static Broadcast open(Stage stage, JsonObject server, Dialect dialect, int subscribers) throws Exception {
        Broadcast broadcast = new Broadcast(stage, dialect, new Failure());
        server.getJsonArray("servers").forEach(pid -> broadcast.pids.add(((Number) pid).longValue()));
        URI url = URI.create(server.getString("url"));
        String path = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        stage.on(() -> broadcast.connect(new Endpoint(url.getHost(), url.getPort(), path), subscribers + 1));
        broadcast.failure.rethrow();
        return broadcast;
    }

    private Future<?> connect(Endpoint to, int more) {
        if (more == 0) {
            return Future.succeededFuture();
        }
        int now = Math.min(more, CONNECTS_AT_ONCE);
        List<Future<?>> some = new ArrayList<>();
        for (int i = 0; i < now; i++) {
            some.add(new Ear().connect(to));
        }
        return Future.all(some).compose(v -> connect(to, more - now));
    }

    /** One connection. */
    private final class Ear {
        private final Promise<Void> greeted = Promise.promise();
        private final List<String> early = new ArrayList<>();
        private LoadSocket socket;

        Future<?> connect(Endpoint to) {
            return LoadSocket.connect(stage.net, to, this::onText, this::onEnd).compose(open -> {
                socket = open;
                sockets.add(open);
                if (dialect.greeting().isEmpty()) {
                    greeted.complete();
                }
                List.copyOf(early).forEach(this::onText);
                return greeted.future();
            });
        }

        private void onEnd(String why) {
            greeted.tryFail(why);
            failure.accept(new IllegalStateException(why));
        }

        private void onText(String text) {
            if (socket == null) {
                early.add(text);
            } else if (text.equals("2")) {
                socket.send("3");
            } else if (greeted.future().isComplete()) {
                if (--missing == 0) {
                    onAll.run();
                }
            } else if (text.startsWith(dialect.greeting())) {
                greeted.complete();
            } else {
                socket.send(dialect.greeting());
            }
        }
    }

    @Override
    public Map<Measure, Double> window(double seconds) throws Exception {
        long serverMillis = Proc.cpuMillis(pids);
        long clientMillis = Proc.ownCpuMillis();
        Outcome outcome = stage.on(() -> run(seconds));
        failure.rethrow();
        return outcome.values(Proc.cpuMillis(pids) - serverMillis, Proc.ownCpuMillis() - clientMillis);
    }

    private Future<Outcome> run(double seconds) {
        Outcome outcome = new Outcome();
        Promise<Outcome> rest = Promise.promise();
        failure.then(rest::tryFail);
        failure.rethrow();
        change(outcome, System.nanoTime() + (long) (seconds * 1e9), rest);
        return rest.future();
    }

    private void change(Outcome outcome, long untilNanos, Promise<Outcome> rest) {
        missing = sockets.size();
        long began = System.nanoTime();
        onAll = () -> {
            outcome.done(System.nanoTime() - began);
            if (System.nanoTime() < untilNanos) {
                change(outcome, untilNanos, rest);
            } else {
                outcome.end();
                rest.tryComplete(outcome);
            }
        };
        sockets.get(0).send(dialect.change());
    }

    @Override
    public void close() throws Exception {
        stage.on(() -> {
            sockets.forEach(LoadSocket::close);
            return Future.succeededFuture();
        });
    }
}
