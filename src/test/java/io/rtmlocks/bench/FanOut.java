// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;

/** A lock changes and all subscribers of its channel hear of it. The latency is from the request until the last has the event. */
record FanOut(String name, int subscribers) implements Workload {
    private static final String CHANNEL = ",\"channel\":\"fan\"";
    private static final String LOCK = CHANNEL + ",\"lockName\":\"l\"";
    private static final String ACQUIRE = "\"op\":\"acquireLock\"" + LOCK + ",\"create\":true";
    private static final String RELEASE = "\"op\":\"releaseLock\"" + LOCK;

    @Override
    public Work open(Stage stage, Program program) throws Exception {
        Servers servers = stage.running(program);
        return SocketWork.open(stage, servers, servers.endpoints(), subscribers + 1, new Changes());
    }

    /** The first client changes, all others hear. */
    private static final class Changes implements SocketWork.Play {
        private LoadSession actor;
        private int all;
        private int missing;
        private boolean answered;
        private Runnable onAll = () -> {};

        @Override
        public Future<?> prepare(List<LoadSession> sessions) {
            actor = sessions.get(0);
            all = sessions.size() - 1;
            missing = all;
            answered = true;
            Promise<Void> snapshots = Promise.promise();
            onAll = snapshots::tryComplete;
            return actor.ask(ACQUIRE).compose(v -> actor.ask(RELEASE)).compose(v -> {
                for (LoadSession session : sessions.subList(1, sessions.size())) {
                    session.onEvent(event -> onEvent());
                    session.ask(0, "\"op\":\"subscribe\"" + CHANNEL, reply -> {});
                }
                return snapshots.future();
            });
        }

        private void onEvent() {
            missing--;
            settle();
        }

        private void settle() {
            if (missing == 0 && answered) {
                onAll.run();
            }
        }

        @Override
        public void begin(List<LoadSession> sessions, SocketWork.Window window) {
            change(window, true);
        }

        private void change(SocketWork.Window window, boolean acquire) {
            missing = all;
            answered = false;
            long began = System.nanoTime();
            onAll = () -> {
                window.outcome.done(System.nanoTime() - began);
                if (acquire || !window.isOver()) {
                    change(window, !acquire);
                } else {
                    window.rest();
                }
            };
            actor.ask(0, acquire ? ACQUIRE : RELEASE, reply -> {
                answered = true;
                settle();
            });
        }
    }
}
