// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.history.History;
import io.rtmlocks.history.Lapse;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client as it should be: it comes back with its session at another node when it is cut off, and asks again under the same id
 * until it knows what came of it. It also keeps account of how long its locks are certainly its own. For one thread.
 */
final class LoadClient {

    static final int TTL_SECONDS = 30;
    private static final Set<Integer> UNKNOWN = Set.of(-14002, -12018);
    private static final Set<Integer> CANNOT_DECIDE = Set.of(-14009, -12019);
    private static final long GIVE_UP_SECONDS = 120;
    private static final long REPLY_SECONDS_MAX = 4;
    private static final long SILENT_MILLIS_MAX = 6_000;
    private static final long PAUSE_MILLIS = 50;

    /** Hears what came of one request. */
    interface Note {
        /** @param reply null when nobody knows */
        void note(long invokedNanos, long returnedNanos, @Nullable JsonObject reply);
    }

    final String user;
    private final FaultNet net;
    private final History history;
    private final Consumer<JsonObject> events;
    private final Map<Long, Long> heartbeats = new ConcurrentHashMap<>();
    private final int home;
    private int node;
    private volatile @Nullable Connection connection;
    private @Nullable String resumeToken;
    private long lastId;
    private volatile long trustedNanos;

    LoadClient(FaultNet net, History history, String user, int node, Consumer<JsonObject> events) {
        this.net = net;
        this.history = history;
        this.user = user;
        this.node = node;
        home = node;
        this.events = events;
    }

    private void onEvent(JsonObject event) {
        if (!"heartbeat".equals(event.getString("event"))) {
            events.accept(event);
            return;
        }
        long now = System.nanoTime();
        Long sent = heartbeats.get(event.getLong("acked"));
        if (sent != null && event.getBoolean("quorum")) {
            trustSince(sent, now);
        }
        Connection present = connection;
        if (present != null) {
            heartbeats.put(event.getLong("n"), now);
            present.send(new JsonObject().put("op", "heartbeat").put("n", event.getLong("n")));
        }
    }

    private synchronized void trustSince(long heardNanos, long nowNanos) {
        if (trustedNanos != 0 && nowNanos > trustedNanos) {
            history.add(new Lapse(user, trustedNanos));
        }
        trustedNanos = Math.max(trustedNanos, heardNanos + TimeUnit.SECONDS.toNanos(TTL_SECONDS));
    }

    /** To whichever node lets it in; with its session, if it had one. */
    void connect() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS);
        Exception last = new IllegalStateException("never tried");
        while (System.nanoTime() < deadline) {
            try {
                login(Connection.to(net.address(user, node), net.webSockets(), this::onEvent));
                return;
            } catch (ForgottenException e) {
                throw e;
            } catch (Exception e) {
                last = e;
                node = (node + 1) % net.size();
                pause(PAUSE_MILLIS);
            }
        }
        throw new IllegalStateException(user + " was let in nowhere", last);
    }

    private void login(Connection next) throws Exception {
        long began = System.nanoTime();
        JsonObject request = new JsonObject()
                .put("id", ++lastId)
                .put("op", "login")
                .put("userId", user)
                .put("token", net.loginToken(user));
        if (resumeToken != null) {
            request.put("resumeToken", resumeToken);
        }
        heartbeats.clear();
        connection = next;
        try {
            JsonObject welcome = next.ask(request).get(2 * REPLY_SECONDS_MAX, TimeUnit.SECONDS);
            if (welcome.getInteger("errorCode") != 0) {
                throw new IllegalStateException(welcome.encode());
            }
            if (resumeToken != null && !welcome.getBoolean("resumed")) {
                throw new ForgottenException(user);
            }
            resumeToken = welcome.getString("resumeToken");
            trustSince(began, System.nanoTime());
        } catch (Exception e) {
            next.drop();
            throw e;
        }
    }

    private static final class ForgottenException extends IllegalStateException {
        ForgottenException(String user) {
            super("the session of " + user + " was not known");
        }
    }

    private Connection connected() throws Exception {
        Connection present = connection;
        if (present == null || present.isClosed()) {
            moveOn();
        }
        return Objects.requireNonNull(connection);
    }

    private void moveOn() throws Exception {
        if (connection != null) {
            connection.drop();
            node = (node + 1) % net.size();
        }
        connect();
    }

    /** Back to where it was first, if that is possible. */
    void reconnect() throws Exception {
        if (connection != null) {
            connection.drop();
        }
        node = home;
        connect();
    }

    /** Whether it is not connected, or hears nothing. */
    boolean isCutOff() {
        return connection == null || connection.isClosed() || connection.silentMillis() > SILENT_MILLIS_MAX;
    }

    /** Asks until there is an answer that says what came of it; that may be that nothing did. */
    JsonObject ask(Note note, String op, Object... fields) throws Exception {
        JsonObject request = new JsonObject().put("id", ++lastId).put("op", op);
        for (int i = 0; i < fields.length; i += 2) {
            request.put((String) fields[i], fields[i + 1]);
        }
        long invoked = System.nanoTime();
        try {
            JsonObject reply = answer(request, invoked + TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS));
            note.note(invoked, System.nanoTime(), reply);
            return reply;
        } catch (Exception e) {
            note.note(invoked, Long.MAX_VALUE, null);
            throw e;
        }
    }

    private JsonObject answer(JsonObject request, long deadlineNanos) throws Exception {
        while (System.nanoTime() < deadlineNanos) {
            Connection present = connected();
            try {
                JsonObject reply = present.ask(request).get(REPLY_SECONDS_MAX, TimeUnit.SECONDS);
                int code = reply.getInteger("errorCode");
                if (!UNKNOWN.contains(code)) {
                    return reply;
                }
                moveOn();
            } catch (TimeoutException e) {
                if (present.silentMillis() > SILENT_MILLIS_MAX) {
                    moveOn();
                }
            } catch (ExecutionException e) {
                present.drop();
            }
        }
        throw new IllegalStateException(user + " had no answer to " + request);
    }

    /** The same, and as a new request again when nothing could be decided. */
    JsonObject insist(Note note, String op, Object... fields) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS);
        while (true) {
            JsonObject reply = ask(note, op, fields);
            if (!CANNOT_DECIDE.contains(reply.getInteger("errorCode"))) {
                return reply;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(user + " is refused: " + reply);
            }
            moveOn();
        }
    }

    void close() {
        if (connection != null) {
            connection.close();
        }
    }

    static void pause(long millis) throws InterruptedException {
        boolean unused = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }
}
