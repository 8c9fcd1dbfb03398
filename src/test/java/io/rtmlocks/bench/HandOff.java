// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.List;

/**
 * One lock is handed round among clients that all wait for it. Each holds it for a moment, so that the others really wait. The
 * latency is from the release until the next holder knows.
 *
 * @param across whether the next holder is at another node than the one before; else all clients are at one node
 */
record HandOff(String name, int waiters, boolean across) implements Workload {
    private static final long HOLD_MILLIS = 2;

    @Override
    public Work open(Stage stage, Program program) throws Exception {
        Servers servers = stage.running(program);
        List<Endpoint> endpoints =
                across ? servers.endpoints() : servers.endpoints().subList(0, 1);
        return SocketWork.open(
                stage, servers, endpoints, waiters + 1, (sessions, window) -> new Round(window, sessions));
    }

    @Override
    public String peerWords() {
        return "handoff waiters=" + waiters + " holdMillis=" + HOLD_MILLIS;
    }

    /** The going round of one window. The lock is another one in each, so that no node has an advantage. */
    private static final class Round {
        private static final int ACQUIRE = 0;
        private static final int RELEASE = 1;
        private final SocketWork.Window window;
        private final String lock;
        private int running;
        private LoadSession former;
        private long releasedNanos;

        Round(SocketWork.Window window, List<LoadSession> sessions) {
            this.window = window;
            lock = ",\"channel\":\"hand-" + window.number + "\",\"lockName\":\"l\"";
            running = sessions.size();
            sessions.forEach(this::acquire);
        }

        private void acquire(LoadSession session) {
            session.ask(
                    ACQUIRE,
                    "\"op\":\"acquireLock\"" + lock + ",\"retry\":true,\"create\":true",
                    reply -> onGrant(session));
        }

        private void onGrant(LoadSession holder) {
            if (former != null) {
                window.outcome.done(System.nanoTime() - releasedNanos);
                goOn(former);
            }
            former = holder;
            window.after(HOLD_MILLIS, () -> {
                releasedNanos = System.nanoTime();
                holder.ask(RELEASE, "\"op\":\"releaseLock\"" + lock, this::onReleased);
            });
        }

        private void goOn(LoadSession session) {
            if (!window.isOver()) {
                acquire(session);
            } else {
                running--;
            }
        }

        private void onReleased(String reply) {
            if (running == 1 && window.isOver()) {
                window.rest();
            }
        }
    }
}
