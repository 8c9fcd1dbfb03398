// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A client that speaks raw frames, and remembers in order all that it was sent. */
public final class TestClient {

    private static final long PATIENCE_MILLIS = 10_000;

    private final WebSocket socket;
    private final List<JsonObject> inbox = new ArrayList<>();
    private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
    private boolean answersHeartbeats = true;
    private long lastId;

    public String resumeToken;
    public String sessionId;

    /** The reply to its login. */
    public JsonObject welcome;

    private TestClient(WebSocket socket) {
        this.socket = socket;
        socket.textMessageHandler(this::onText);
        socket.closeHandler(v -> onClose());
        socket.resume();
    }

    public static TestClient connect(WebSocketClient webSockets, WebSocketConnectOptions options) {
        return RunningNode.await(webSockets.connect(options).map(socket -> {
            socket.pause();
            return new TestClient(socket);
        }));
    }

    private synchronized void onText(String text) {
        JsonObject frame = new JsonObject(text);
        if (answersHeartbeats && "heartbeat".equals(frame.getString("event"))) {
            sendText(new JsonObject()
                    .put("op", "heartbeat")
                    .put("n", frame.getLong("n"))
                    .encode());
        }
        inbox.add(frame);
        notifyAll();
    }

    private synchronized void onClose() {
        Short code = socket.closeStatusCode();
        closeCode.complete(code == null ? 1006 : code.intValue());
        notifyAll();
    }

    public boolean isClosed() {
        return closeCode.isDone();
    }

    public WebSocket socket() {
        return socket;
    }

    public synchronized void ignoreHeartbeats() {
        answersHeartbeats = false;
    }

    /** An id is used once in a session, whatever the connection. */
    public void continueIdsOf(TestClient former) {
        lastId = former.lastId;
    }

    public JsonObject login(String userId) {
        return login(userId, null);
    }

    public JsonObject login(String userId, String token) {
        JsonObject request = request("login", "userId", userId);
        if (token != null) {
            request.put("resumeToken", token);
        }
        JsonObject reply = call(request);
        assertThat(reply.getInteger("errorCode")).as(reply.encode()).isZero();
        resumeToken = reply.getString("resumeToken");
        sessionId = reply.getString("sessionId");
        welcome = reply;
        return reply;
    }

    /** A request with the next id; fields are names and values in turn. */
    public JsonObject request(String op, Object... fields) {
        JsonObject request = new JsonObject().put("id", ++lastId).put("op", op);
        for (int i = 0; i < fields.length; i += 2) {
            request.put((String) fields[i], fields[i + 1]);
        }
        return request;
    }

    /** Sends and waits for the reply with the same id. */
    public JsonObject call(String op, Object... fields) {
        return call(request(op, fields));
    }

    public JsonObject call(JsonObject request) {
        send(request);
        return reply(request.getLong("id"));
    }

    /** Calls an operation on a lock of the channel {@code c}, and expects success. */
    public JsonObject lock(String op, String lockName, Object... more) {
        return succeed(lockRequest(op, lockName, more));
    }

    /** Sends such a request and does not wait. */
    public long sendLock(String op, String lockName, Object... more) {
        return send(lockRequest(op, lockName, more));
    }

    public JsonObject lockRequest(String op, String lockName, Object... more) {
        return request(op, more).put("channel", "c").put("lockName", lockName);
    }

    public JsonObject succeed(JsonObject request) {
        JsonObject reply = call(request);
        assertThat(reply.getInteger("errorCode")).as(reply.encode()).isZero();
        return reply;
    }

    public JsonObject succeed(String op, Object... fields) {
        return succeed(request(op, fields));
    }

    /** Expects this refusal. */
    public JsonObject refused(int errorCode, JsonObject request) {
        return refusal(errorCode, call(request));
    }

    public JsonObject refused(int errorCode, String op, Object... fields) {
        return refused(errorCode, request(op, fields));
    }

    /** The reply is this refusal, and says what a refusal must. */
    public static JsonObject refusal(int errorCode, JsonObject reply) {
        assertThat(reply.getInteger("errorCode")).as(reply.encode()).isEqualTo(errorCode);
        assertThat(reply.getString("operation")).as(reply.encode()).startsWith("RTM");
        assertThat(reply.getString("reason")).as(reply.encode()).isNotBlank();
        assertThat(reply.getLong("timestamp")).as(reply.encode()).isPositive();
        assertThat(reply.getBoolean("retryable")).as(reply.encode()).isNotNull();
        return reply;
    }

    /** Subscribes to the channel {@code c}, and takes in its first snapshot. */
    public JsonObject subscribe(Object... more) {
        succeed(request("subscribe", more).put("channel", "c"));
        return lockEvent("SNAPSHOT");
    }

    /** What getLock says of one lock of the channel {@code c}. */
    public JsonObject view(String lockName) {
        for (Object lock : succeed("getLock", "channel", "c", "withQueue", true).getJsonArray("locks")) {
            if (((JsonObject) lock).getString("lockName").equals(lockName)) {
                return (JsonObject) lock;
            }
        }
        throw new AssertionError("there is no lock " + lockName);
    }

    /** Asks again and again until the lock looks like this. */
    public JsonObject eventually(String lockName, Predicate<JsonObject> fits) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        JsonObject view = view(lockName);
        while (!fits.test(view)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it stays " + view);
            }
            view = view(lockName);
        }
        return view;
    }

    public long send(String op, Object... fields) {
        return send(request(op, fields));
    }

    public long send(JsonObject request) {
        sendText(request.encode());
        return request.getLong("id");
    }

    public void sendText(String text) {
        socket.writeTextMessage(text);
    }

    /** Waits for the reply with this id, and takes it out. */
    public JsonObject reply(long id) {
        return take("reply " + id, frame -> Long.valueOf(id).equals(frame.getLong("id")));
    }

    /** Waits for the next lock event of this type, and takes it out. */
    public JsonObject lockEvent(String eventType) {
        return take(
                eventType,
                frame -> "lock".equals(frame.getString("event")) && eventType.equals(frame.getString("eventType")));
    }

    public JsonObject sessionEvent(String type) {
        return take(type, frame -> "session".equals(frame.getString("event")) && type.equals(frame.getString("type")));
    }

    /** Waits for the heartbeat with this number, or a later one. */
    public JsonObject heartbeat(long n) {
        return take("heartbeat " + n, frame -> "heartbeat".equals(frame.getString("event")) && frame.getLong("n") >= n);
    }

    /** Waits for the next storage event of this type, and takes it out. */
    public JsonObject storageEvent(String eventType) {
        return take(
                "storage " + eventType,
                frame -> "storage".equals(frame.getString("event")) && eventType.equals(frame.getString("eventType")));
    }

    /** Waits for the next frame that is no heartbeat, and takes it out. */
    public JsonObject next() {
        return take("frame", frame -> !"heartbeat".equals(frame.getString("event")));
    }

    /** Stops reading, so that the server's frames pile up. */
    public void pause() {
        socket.pause();
    }

    public void resume() {
        socket.resume();
    }

    /** Waits for the first frame that fits, and takes it out. */
    public synchronized JsonObject take(String what, Predicate<JsonObject> fits) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (true) {
            for (Iterator<JsonObject> all = inbox.iterator(); all.hasNext(); ) {
                JsonObject frame = all.next();
                if (fits.test(frame)) {
                    all.remove();
                    return frame;
                }
            }
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (leftMillis <= 0 || closeCode.isDone()) {
                throw new AssertionError("no " + what + " came"
                        + (isClosed() ? " before the end, " + closeCode.join() : "") + "; there is " + inbox);
            }
            try {
                wait(leftMillis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** All frames that are here and fit, without heartbeats. */
    public synchronized List<JsonObject> received() {
        return inbox.stream()
                .filter(frame -> !"heartbeat".equals(frame.getString("event")))
                .toList();
    }

    public synchronized boolean sawHeartbeat() {
        return inbox.stream().anyMatch(frame -> "heartbeat".equals(frame.getString("event")));
    }

    /** Everything sent before has been answered when this returns. */
    public void sync() {
        call("ping");
    }

    /** Waits for the end of the connection. */
    public int closeCode() {
        try {
            return closeCode.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError("the connection was not closed; there is " + received(), e);
        }
    }

    public void close(int code) {
        RunningNode.await(socket.close((short) code));
    }

    /** Ends the connection without a word. */
    public void cut() {
        ((WebSocketInternal) socket).channelHandlerContext().close();
    }
}
