// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetClient;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A client that has logged in. It may have one request under way in each of its slots, and knows an answer's slot by its number.
 * A refusal is a failure of the whole window: no workload asks for what is refused.
 */
final class LoadSession {
    /** No power of two: ids that are multiples of one are none that a client would choose, and all meet in few places of a hash table. */
    static final int SLOTS = 61;

    private static final String ID = "{\"id\":";
    private static final String FINE = ",\"errorCode\":0,";
    private static final String HEARTBEAT = "{\"event\":\"heartbeat\",\"n\":";

    final String user;
    private final Consumer<Throwable> onFailure;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final Consumer<String>[] waiting = new Consumer[SLOTS];

    private LoadSocket socket;
    private Consumer<String> onEvent = event -> {};
    private long asked;

    private LoadSession(String user, Consumer<Throwable> onFailure) {
        this.user = user;
        this.onFailure = onFailure;
    }

    static Future<LoadSession> login(NetClient net, Endpoint to, String user, Consumer<Throwable> onFailure) {
        LoadSession session = new LoadSession(user, onFailure);
        return LoadSocket.connect(net, to, session::onText, session::onEnd).compose(socket -> {
            session.socket = socket;
            return session.ask("\"op\":\"login\",\"userId\":\"" + user + '"').map(session);
        });
    }

    private void onEnd(String why) {
        onFailure.accept(new IllegalStateException(user + ": " + why));
    }

    private void onText(String text) {
        if (!text.startsWith(ID)) {
            if (text.startsWith(HEARTBEAT)) {
                socket.send("{\"op\":\"heartbeat\",\"n\":"
                        + text.substring(HEARTBEAT.length(), end(text, HEARTBEAT.length())) + '}');
            } else {
                onEvent.accept(text);
            }
            return;
        }
        int end = end(text, ID.length());
        if (!text.startsWith(FINE, end)) {
            onFailure.accept(new IllegalStateException(user + " was refused: " + text));
            return;
        }
        waiting[(int) (Long.parseLong(text, ID.length(), end, 10) % SLOTS)].accept(text);
    }

    private static int end(String text, int from) {
        int end = from;
        while (text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    /** @param slot has no other request under way */
    void ask(int slot, String fields, Consumer<String> onReply) {
        waiting[slot] = onReply;
        socket.send(ID + (++asked * SLOTS + slot) + ',' + fields + '}');
    }

    /** For what is asked before the window. Uses the last slot. */
    Future<String> ask(String fields) {
        Promise<String> reply = Promise.promise();
        ask(SLOTS - 1, fields, reply::tryComplete);
        return reply.future();
    }

    /** Many at once; as many as there are slots but one. */
    Future<?> askAll(List<String> requests) {
        List<Future<?>> all = new ArrayList<>();
        for (int slot = 0; slot < requests.size(); slot++) {
            Promise<String> reply = Promise.promise();
            ask(slot, requests.get(slot), reply::tryComplete);
            all.add(reply.future());
        }
        return Future.all(all);
    }

    void onEvent(Consumer<String> handler) {
        onEvent = handler;
    }

    void close() {
        socket.close();
    }
}
