// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;

/** Work of logged-in clients over WebSockets: counts what they do, and the processor time that it costs on both sides. */
final class SocketWork implements Workload.Work {
    private final Stage stage;
    private final Servers servers;
    private final List<LoadSession> sessions;
    private final Play play;
    private final Failure failure;
    private int number;

    /** What the clients do. Runs on the event loop. */
    interface Play {

        /** Before the first window. */
        default Future<?> prepare(List<LoadSession> sessions) {
            return Future.succeededFuture();
        }

        /** Begins, and completes {@code rest} when nothing is under way any more after {@link Window#isOver}. */
        void begin(List<LoadSession> sessions, Window window);
    }

    /** A window that runs. */
    static final class Window {
        final int number;
        final Outcome outcome = new Outcome();
        private final Stage stage;
        private final Promise<Void> rest = Promise.promise();
        private boolean over;

        private Window(Stage stage, int number) {
            this.stage = stage;
            this.number = number;
        }

        boolean isOver() {
            return over;
        }

        void after(long millis, Runnable task) {
            stage.timer(millis, task);
        }

        /** Nothing is under way any more. */
        void rest() {
            outcome.end();
            rest.tryComplete();
        }
    }

    private SocketWork(Stage stage, Servers servers, List<LoadSession> sessions, Play play, Failure failure) {
        this.stage = stage;
        this.servers = servers;
        this.sessions = sessions;
        this.play = play;
        this.failure = failure;
    }

    /** @param endpoints where the clients log in, in turn */
    static SocketWork open(Stage stage, Servers servers, List<Endpoint> endpoints, int clients, Play play)
            throws Exception {
        Failure failure = new Failure();
        List<LoadSession> sessions = stage.on(() -> stage.login(endpoints, clients, failure));
        stage.on(() -> play.prepare(sessions));
        failure.rethrow();
        return new SocketWork(stage, servers, sessions, play, failure);
    }

    @Override
    public Map<Measure, Double> window(double seconds) throws Exception {
        long serverMillis = Proc.cpuMillis(servers.pids());
        long clientMillis = Proc.ownCpuMillis();
        Outcome outcome = stage.on(() -> run(seconds));
        failure.rethrow();
        return outcome.values(Proc.cpuMillis(servers.pids()) - serverMillis, Proc.ownCpuMillis() - clientMillis);
    }

    private Future<Outcome> run(double seconds) {
        Window window = new Window(stage, number++);
        failure.then(window.rest::tryFail);
        failure.rethrow();
        stage.timer((long) (seconds * 1e3), () -> window.over = true);
        play.begin(sessions, window);
        return window.rest.future().map(window.outcome);
    }

    @Override
    public void close() throws Exception {
        stage.leave(sessions);
    }
}
