// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.List;

/**
 * Acquire, and release when the grant is there, over and over, each on a lock that nobody else wants. An operation is a pair; the
 * latency is that of the acquire.
 *
 * @param inFlight locks of each client, and so the requests it has under way
 */
record Pairs(String name, int clients, int inFlight) implements Workload {

    @Override
    public Work open(Stage stage, Program program) throws Exception {
        return open(stage, stage.running(program));
    }

    Work open(Stage stage, Servers servers) throws Exception {
        return SocketWork.open(
                stage, servers, servers.endpoints(), clients, (sessions, window) -> new Loops(window, sessions));
    }

    @Override
    public String peerWords() {
        return "pairs clients=" + clients + " inflight=" + inFlight;
    }

    /** All loops of one window. */
    private final class Loops {
        private final SocketWork.Window window;
        private int running;

        Loops(SocketWork.Window window, List<LoadSession> sessions) {
            this.window = window;
            running = sessions.size() * inFlight;
            for (LoadSession session : sessions) {
                for (int slot = 0; slot < inFlight; slot++) {
                    new Loop(session, slot).acquire();
                }
            }
        }

        private final class Loop {
            private final LoadSession session;
            private final int slot;
            private final String acquire;
            private final String release;
            private long askedNanos;

            Loop(LoadSession session, int slot) {
                this.session = session;
                this.slot = slot;
                String lock = ",\"channel\":\"c-" + session.user + "\",\"lockName\":\"l" + slot + '"';
                acquire = "\"op\":\"acquireLock\"" + lock + ",\"create\":true";
                release = "\"op\":\"releaseLock\"" + lock;
            }

            void acquire() {
                askedNanos = System.nanoTime();
                session.ask(slot, acquire, this::onGrant);
            }

            private void onGrant(String reply) {
                window.outcome.nanos.recordValue(System.nanoTime() - askedNanos);
                session.ask(slot, release, this::onReleased);
            }

            private void onReleased(String reply) {
                window.outcome.done();
                if (!window.isOver()) {
                    acquire();
                } else if (--running == 0) {
                    window.rest();
                }
            }
        }
    }
}
