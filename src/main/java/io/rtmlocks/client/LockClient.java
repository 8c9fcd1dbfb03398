// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One session that wants one lock: asks for it, keeps it across broken connections, and says when it is not surely ours any more.
 *
 * <pre>
 * state      | input                                   | next       | what happens
 * -----------+-----------------------------------------+------------+---------------------------------------
 * CONNECTING | connected                               | LOGGING_IN | login, with the resume token if any
 * CONNECTING | not connected                           | CONNECTING | again, after a pause
 * LOGGING_IN | welcome                                 | IN         | acquireLock, unless the lock is ours
 * LOGGING_IN | welcome, the lock was ours and is not   | ENDED      | lost
 * LOGGING_IN | refused                                 | ENDED      | refused, or lost
 * IN         | granted                                 | IN         | granted
 * IN         | refused                                 | ENDED      | refused
 * IN         | LOCK_LOST                               | ENDED      | lost
 * IN, LOGGING| the connection ends                     | CONNECTING | again, after a pause
 * IN, LOGGING| it ends with a code that is final       | ENDED      | refused, or lost
 * any        | the lock is not surely ours any more    | ENDED      | lost
 * any        | release                                 | ENDED      | as soon as it is IN: releaseLock, logout
 * </pre>
 *
 * Its results are futures; all else is confined to one context.
 */
public final class LockClient {
    private enum State {
        CONNECTING,
        LOGGING_IN,
        IN,
        ENDED
    }

    private static final long TICK_MILLIS = 50;
    private static final long CONNECT_WITHIN_MILLIS = 5_000;
    private static final long PAUSE_MILLIS_MIN = 200;
    private static final long PAUSE_MILLIS_MAX = 5_000;

    /** Not 1000 or 1001: the lock is to stay ours. */
    private static final short DROPPED = 4000;

    private static final short DONE = 1000;
    private static final Set<Integer> FINAL_CODES = Set.of(4400, 4401, 4403, 4409);

    /** Nothing happened, or nobody knows: the same request again tells. */
    private static final List<Integer> ASK_AGAIN = List.of(-14002, -14009, -10021);

    private static final List<Integer> LOG_IN_AGAIN = List.of(-14002, -14009);

    private final Vertx vertx;
    private final Context context;
    private final Connector connector;
    private final Wanted wanted;
    private final Frames frames;
    private final LongSupplier nanos;
    private final Random random;
    private final Trust trust;
    private final Promise<Grant> granted = Promise.promise();
    private final Promise<Loss> lost = Promise.promise();
    private final Promise<String> unreached = Promise.promise();
    private final Promise<Void> released = Promise.promise();

    private State state = State.CONNECTING;
    private @Nullable WebSocket socket;
    private @Nullable Grant grant;
    private @Nullable String resumeToken;
    private boolean leaving;
    private int failures;
    private long lastId;
    private long loginId;
    private long acquireId;
    private long lookId;
    private long logoutId;
    private long sentMillis;
    private long silenceMs = CONNECT_WITHIN_MILLIS;
    private long lastHeardMillis;
    private String lastFailure = "no connection yet";

    /**
     * Does nothing yet.
     *
     * @param nanos a monotonic clock
     */
    public LockClient(Vertx vertx, Wanted wanted, LongSupplier nanos, Random random) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.wanted = wanted;
        this.frames = new Frames(wanted);
        this.trust = new Trust(wanted.noticeMillis());
        this.nanos = nanos;
        this.random = random;
        this.connector = new Connector(vertx, CONNECT_WITHIN_MILLIS);
    }

    /** Begins, and goes on until the lock is refused, lost or released. */
    public LockClient start() {
        context.runOnContext(v -> {
            vertx.setPeriodic(TICK_MILLIS, this::tick);
            connect();
        });
        return this;
    }

    /** The lock is ours; fails with a {@link RefusedException}. */
    public Future<Grant> granted() {
        return granted.future();
    }

    /**
     * The lock is gone, or the service has not been heard for so long that it may soon be somebody else's: then it is kept as well
     * as can be until it is released, which is to be done when nobody uses it any more. Never without a grant, and never after a
     * release.
     */
    public Future<Loss> lost() {
        return lost.future();
    }

    /** Why there is no connection, for a person. */
    public Future<String> trouble() {
        Promise<String> answer = Promise.promise();
        context.runOnContext(v -> answer.complete(state == State.IN ? "somebody else has the lock" : lastFailure));
        return answer.future();
    }

    /** Why the service could not be reached from the start, for a person; it is tried again. Never once it was reached. */
    public Future<String> unreached() {
        return unreached.future();
    }

    /** Gives the lock back, or stops asking. Completes when the service has said that it knows. */
    public Future<Void> release() {
        context.runOnContext(v -> {
            leaving = true;
            if (state == State.ENDED) {
                released.tryComplete();
            } else if (state == State.IN) {
                leave();
            } else if (resumeToken == null) {
                end("");
            }
        });
        return released.future();
    }

    private long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong());
    }

    private void tick(long timer) {
        if (state == State.ENDED) {
            vertx.cancelTimer(timer);
            return;
        }
        if (grant != null && !leaving) {
            watchOver(grant);
        }
        if (socket != null && nowMillis() - lastHeardMillis > silenceMs) {
            drop("no sign of life from the service");
        }
    }

    private void watchOver(Grant held) {
        Loss ending = trust.ending(held, nowMillis(), lastFailure);
        if (ending != null) {
            lost.tryComplete(ending);
        } else if (state == State.IN && trust.looks(held, nowMillis())) {
            lookId = send(frames.look());
        }
    }

    private void connect() {
        if (state != State.CONNECTING) {
            return;
        }
        connector.connect(wanted.url()).onComplete(this::onConnected, failure -> {
            lastFailure = "cannot connect to " + wanted.url() + ": " + failure.getMessage();
            again();
        });
    }

    private void again() {
        if (state != State.ENDED) {
            state = State.CONNECTING;
            if (resumeToken == null) {
                unreached.tryComplete(lastFailure);
            }
            long most = Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS_MIN << Math.min(failures++, 5));
            vertx.setTimer(1 + random.nextLong(most), id -> connect());
        }
    }

    private void onConnected(WebSocket connected) {
        if (state == State.ENDED) {
            connected.close(DONE);
            return;
        }
        socket = connected;
        lastHeardMillis = nowMillis();
        connected.textMessageHandler(text -> ifCurrent(connected, () -> onText(text)));
        connected.pongHandler(pong -> lastHeardMillis = nowMillis());
        connected.closeHandler(v -> ifCurrent(connected, () -> onClosed(connected)));
        state = State.LOGGING_IN;
        trust.connected();
        sentMillis = nowMillis();
        loginId = send(frames.login(resumeToken));
    }

    private void ifCurrent(WebSocket of, Runnable action) {
        if (of == socket && state != State.ENDED) {
            action.run();
        }
    }

    private long send(JsonObject request) {
        long id = request.getLong("id", ++lastId);
        if (socket != null) {
            socket.writeTextMessage(request.put("id", id).encode());
        }
        return id;
    }

    private void onClosed(WebSocket closed) {
        socket = null;
        int code = closed.closeStatusCode() == null ? 1006 : closed.closeStatusCode();
        lastFailure = "the connection ended with " + code + (code == 1006 ? "" : " " + closed.closeReason());
        if (logoutId != 0 && code == DONE) {
            end("");
        } else if (FINAL_CODES.contains(code)) {
            refused(code == 4401 || code == 4403, code, lastFailure);
        } else {
            logoutId = 0;
            again();
        }
    }

    private void drop(String why) {
        WebSocket old = socket;
        socket = null;
        lastFailure = why;
        if (old != null) {
            old.close(DROPPED);
        }
        again();
    }

    private void onText(String text) {
        lastHeardMillis = nowMillis();
        JsonObject frame;
        try {
            frame = new JsonObject(text);
        } catch (DecodeException e) {
            drop("the service sent what is no JSON");
            return;
        }
        String event = frame.getString("event", "");
        switch (event) {
            case "" -> onReply(frame);
            case "heartbeat" -> onHeartbeat(frame);
            case "session" -> onSessionEvent(frame);
            default -> {}
        }
    }

    private void onHeartbeat(JsonObject beat) {
        long n = beat.getLong("n");
        if (socket != null) {
            socket.writeTextMessage(Frames.heartbeat(n).encode());
        }
        trust.answered(n, nowMillis());
        if (beat.getBoolean("quorum", false)) {
            trust.acknowledged(beat.getLong("acked"));
        }
    }

    private void onSessionEvent(JsonObject event) {
        boolean isOurs = grant != null
                && "LOCK_LOST".equals(event.getString("type"))
                && event.getLong("fencingToken") == grant.fencingToken();
        if (isOurs) {
            end("the service took it: " + event.getString("cause"));
        }
    }

    private void onReply(JsonObject reply) {
        long id = reply.getLong("id", 0L);
        if (id == loginId) {
            onLogin(reply);
        } else if (id == acquireId) {
            onAcquired(reply);
        } else if (id == logoutId) {
            end("");
        } else if (id == lookId && reply.getInteger("errorCode") == 0 && grant != null) {
            trust.looked(frames.isAmong(reply.getJsonArray("locks"), grant, true));
        }
    }

    private void onLogin(JsonObject reply) {
        int code = reply.getInteger("errorCode");
        if (LOG_IN_AGAIN.contains(code)) {
            drop(reply.getString("reason"));
            return;
        }
        if (code != 0) {
            refused(true, code, reply.getString("reason"));
            return;
        }
        state = State.IN;
        failures = 0;
        silenceMs = reply.getLong("offlineAfterMs");
        resumeToken = reply.getString("resumeToken");
        boolean isResumed = reply.getBoolean("resumed");
        if (grant != null && !(isResumed && frames.isAmong(reply.getJsonArray("held"), grant, false))) {
            end("the service did not keep it while the connection was broken");
            return;
        }
        trust.heard(sentMillis);
        if (leaving) {
            leave();
        } else if (grant == null) {
            acquire(isResumed);
        }
    }

    /** @param again under the same number: it happens once, and keeps its place */
    private void acquire(boolean again) {
        JsonObject request = frames.acquire();
        if (again && acquireId != 0) {
            request.put("id", acquireId);
        } else {
            sentMillis = nowMillis();
        }
        acquireId = send(request);
    }

    private void onAcquired(JsonObject reply) {
        int code = reply.getInteger("errorCode");
        if (code == 0) {
            if (!leaving) {
                trust.heard(sentMillis);
                grant = new Grant(reply.getLong("fencingToken"), reply.getInteger("ttl"));
                granted.tryComplete(grant);
            }
        } else if (ASK_AGAIN.contains(code)) {
            lastFailure = reply.getString("reason");
            vertx.setTimer(PAUSE_MILLIS_MIN, id -> {
                if (state == State.IN && grant == null && !leaving) {
                    acquire(code != -10021);
                }
            });
        } else {
            refused(false, code, reply.getString("reason"));
        }
    }

    private void leave() {
        if (logoutId == 0) {
            if (grant != null) {
                send(frames.release(grant));
            }
            logoutId = send(Frames.logout());
        }
    }

    private void refused(boolean isLogin, int code, String why) {
        if (grant == null) {
            granted.tryFail(new RefusedException(isLogin, code, why));
        }
        end(why);
    }

    private void end(String why) {
        state = State.ENDED;
        WebSocket old = socket;
        socket = null;
        if (grant != null && !leaving) {
            lost.tryComplete(new Loss(why, 0));
        }
        granted.tryFail(new RefusedException(false, 0, "released"));
        if (old != null) {
            old.close(DONE);
        }
        released.tryComplete();
    }
}
