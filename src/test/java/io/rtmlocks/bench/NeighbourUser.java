// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.http.WebSocket;
import org.HdrHistogram.Histogram;

/** A user who keeps to the limits, takes and gives back a lock now and then, and looks how long each request takes. */
final class NeighbourUser {

    private final WebSocket socket;
    private final String lock;
    private Histogram histogram = new Histogram(3);
    private long id = 1;
    private long sentNanos;
    private boolean isAsking = true;
    private String failure = "";

    NeighbourUser(WebSocket socket, int number) {
        this.socket = socket;
        this.lock = "\"channel\":\"n" + number + "\",\"lockName\":\"l\"";
        socket.textMessageHandler(this::onText);
        socket.closeHandler(v -> fail("closed " + socket.closeStatusCode()));
        socket.writeTextMessage("{\"id\":1,\"op\":\"login\",\"userId\":\"n" + number + "\"}");
    }

    /** Begins to take the lock and give it back, unless it is still about that. */
    synchronized void pair() {
        if (!isAsking) {
            isAsking = true;
            send("acquireLock\",\"create\":true");
        }
    }

    private synchronized void onText(String text) {
        if (text.startsWith("{\"event\"")) {
            return;
        }
        if (!text.contains("\"errorCode\":0")) {
            fail(text);
        }
        if (id > 1) {
            histogram.recordValue(System.nanoTime() - sentNanos);
        }
        if (id % 2 == 0) {
            send("releaseLock\"");
        } else {
            isAsking = false;
        }
    }

    private void send(String op) {
        sentNanos = System.nanoTime();
        socket.writeTextMessage("{\"id\":" + ++id + ",\"op\":\"" + op + "," + lock + "}");
    }

    synchronized void forget() {
        histogram = new Histogram(3);
    }

    synchronized void addTo(Histogram all) {
        all.add(histogram);
    }

    private synchronized void fail(String why) {
        failure = failure.isEmpty() ? why : failure;
    }

    /** Throws if anything was refused, or the connection ended. */
    synchronized void expectNoFailure() {
        if (!failure.isEmpty()) {
            throw new IllegalStateException("a user was not served: " + failure);
        }
    }
}
