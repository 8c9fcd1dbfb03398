// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One client, as the protocol wants it: it resumes, asks again under the same id, subscribes anew, and knows what to trust. */
final class Client implements Connection.ClientEnd {

    private static final int LEFT = 1_000;
    private static final int GOING_AWAY = 1_001;

    private final Simulation simulation;
    private final Clockwork clockwork;
    private final SplittableRandom random;
    private final String user;
    private final Holdings holdings = new Holdings();
    private final Heard heard;
    private final Requests requests;
    private final Map<Long, Long> heartbeats = new HashMap<>();
    private String sessionId = "";
    private @Nullable String resumeToken;
    private @Nullable Connection connection;
    private boolean isLoggedIn;

    /** It is another page, which knows nothing but its resume token, and which ids were asked. */
    private boolean isNewPage;

    private long steadySinceMillis;
    private long loginId;
    private long loginMillis;
    private long lastId;
    private long heardMillis;

    Client(Simulation simulation, Clockwork clockwork, SplittableRandom random, String user) {
        this.simulation = simulation;
        this.clockwork = clockwork;
        this.random = random;
        this.user = user;
        this.heard = new Heard(simulation, this);
        this.requests = new Requests(simulation, clockwork, random, this);
    }

    String user() {
        return user;
    }

    String sessionId() {
        return sessionId;
    }

    Holdings holdings() {
        return holdings;
    }

    Heard heard() {
        return heard;
    }

    boolean isConnected() {
        return connection != null;
    }

    boolean isLoggedIn() {
        return isLoggedIn;
    }

    /** Whether what is sent to it arrives, sooner or later. */
    boolean listens() {
        return connection != null && connection.isRead();
    }

    Requests requests() {
        return requests;
    }

    /** Since when it is logged in on its connection and has read all that came. */
    long steadySinceMillis() {
        return steadySinceMillis;
    }

    @Nullable
    Connection connection() {
        return connection;
    }

    /** Nothing was heard for so long that the connection must be dead. */
    boolean hearsNothing() {
        return clockwork.nowMillis() - heardMillis > Life.OFFLINE_AFTER_MILLIS;
    }

    String text() {
        return user + " (" + sessionId + ", logged in: " + isLoggedIn + ") asks " + requests.pending() + ", holds "
                + holdings.all();
    }

    void connect(Life life) {
        simulation.trace(() -> user + " connects to " + life.machine().id());
        connection = new Connection(clockwork, life.machine(), random.split(), this);
        Connection mine = connection;
        life.machine().run(() -> life.platform().accept(mine.serverEnd()));
        heartbeats.clear();
        heardMillis = clockwork.nowMillis();
        loginMillis = clockwork.nowMillis();
        loginId = ++lastId;
        JsonObject login =
                new JsonObject().put("id", loginId).put("op", "login").put("userId", user);
        if (resumeToken != null) {
            login.put("resumeToken", resumeToken);
        }
        mine.send(login.encode());
    }

    /** The connection ends without a word. */
    void drop() {
        if (connection != null) {
            connection.cut();
        }
    }

    /** The connection may hang for ever: the client gives it up, and the other side learns nothing. */
    void abandon() {
        if (connection != null) {
            connection.die();
            left();
        }
    }

    /** It leaves on purpose, and will be another session when it comes again. */
    void leave() {
        if (connection != null) {
            connection.close(LEFT);
            left();
            forget();
        }
    }

    /** The same, in words. */
    void logout() {
        if (connection != null && isLoggedIn) {
            connection.send(
                    new JsonObject().put("op", "logout").put("id", ++lastId).encode());
            isLoggedIn = false;
            forget();
        }
    }

    /** The page goes, and another one may come that has its resume token: a reload. */
    void goAway() {
        if (connection != null) {
            connection.close(GOING_AWAY);
            left();
            holdings.begin(0);
            isNewPage = true;
        }
    }

    /** A tab that is frozen for a while: the server's frames pile up. */
    void beDeaf(long millis) {
        Connection mine = connection;
        if (mine != null) {
            mine.readOn(false);
            clockwork.after(millis, () -> {
                steadySinceMillis = clockwork.nowMillis();
                mine.readOn(true);
            });
        }
    }

    private void left() {
        heard.connect();
        connection = null;
        isLoggedIn = false;
    }

    private void forget() {
        resumeToken = null;
        sessionId = "";
        isNewPage = false;
        requests.forget();
        heard.begin();
        holdings.begin(0);
    }

    @Override
    public void onClose(int code) {
        simulation.count("connections closed with " + code);
        simulation.trace(() -> user + " is closed with " + code);
        left();
    }

    void release(Holdings.LockRef lock) {
        long token = holdings.giveBack(lock);
        requests.ask(Frames.of("releaseLock", lock).put("fencingToken", token), lock);
    }

    long nextId() {
        return ++lastId;
    }

    /** @return whether it can */
    boolean say(JsonObject frame) {
        if (connection == null || !isLoggedIn) {
            return false;
        }
        simulation.trace(() -> user + " says " + frame);
        connection.send(frame.encode());
        return true;
    }

    @Override
    public void onText(String text) {
        JsonObject frame = new JsonObject(text);
        simulation.trace(() -> user + " hears " + text);
        heardMillis = clockwork.nowMillis();
        if (!frame.containsKey("event")) {
            onReply(frame, text);
            return;
        }
        switch (frame.getString("event")) {
            case "heartbeat" -> onHeartbeat(frame);
            case "session" -> onSessionEvent(frame);
            case "lock" -> onLockEvent(frame, text);
            case "storage" -> heard.storage(Frames.channelOf(frame), frame, text);
            default -> throw new Broken("Protocol", user + " heard " + text);
        }
    }

    private void onHeartbeat(JsonObject beat) {
        long n = beat.getLong("n");
        if (connection != null) {
            connection.send(new JsonObject().put("op", "heartbeat").put("n", n).encode());
            heartbeats.put(n, clockwork.nowMillis());
        }
        Long sent = heartbeats.get(beat.getLong("acked"));
        if (sent != null && beat.getBoolean("quorum")) {
            holdings.heard(sent);
        } else if (sent != null) {
            simulation.count("heartbeats without quorum");
        }
    }

    private void onReply(JsonObject reply, String text) {
        if (reply.getLong("id") != loginId) {
            requests.onReply(reply, text);
        } else if (reply.getInteger("errorCode") == 0) {
            onLogin(reply);
        }
    }

    private void onLogin(JsonObject reply) {
        isLoggedIn = true;
        steadySinceMillis = clockwork.nowMillis();
        resumeToken = reply.getString("resumeToken");
        String former = sessionId;
        sessionId = reply.getString("sessionId");
        if (reply.getBoolean("resumed")) {
            Map<Holdings.LockRef, Long> held = new LinkedHashMap<>();
            reply.getJsonArray("held").forEach(each -> {
                JsonObject lock = (JsonObject) each;
                held.put(Frames.lockOf(lock), lock.getLong("fencingToken"));
            });
            holdings.resumed(held, loginMillis);
            if (isNewPage) {
                Set<Long> waiting = new HashSet<>();
                reply.getJsonArray("waiting").forEach(each -> waiting.add(((JsonObject) each).getLong("requestId")));
                requests.keepOnly(waiting);
                simulation.count("pages reloaded");
            }
        } else {
            simulation.count("sessions begun");
            simulation.watch(invariant -> invariant.onNewSession(this, former));
            requests.forget();
            heard.begin();
            holdings.begin(loginMillis);
        }
        isNewPage = false;
        requests.askAgain();
    }

    @Override
    public void onWritten(String text) {
        simulation.watch(invariant -> invariant.onWritten(this, text));
    }

    private void onSessionEvent(JsonObject event) {
        if (event.getString("type").equals("LOCK_LOST")) {
            simulation.count("losses told");
            heard.loss(Frames.grantOf(event));
            holdings.lost(Frames.lockOf(event), event.getLong("fencingToken"));
        }
    }

    private void onLockEvent(JsonObject event, String text) {
        String type = event.getString("eventType");
        if (type.equals("QUEUE")) {
            return;
        }
        heard.lock(Frames.channelOf(event), event, text);
        if (type.equals("SNAPSHOT")) {
            return;
        }
        if (type.equals("ACQUIRED")) {
            lossComesFirst(event, text);
        }
        if (type.equals("ACQUIRED") ? !event.getString("owner").equals(user) : !type.equals("SET")) {
            long ended = event.getLong("fencingToken", 0L) - (type.equals("ACQUIRED") ? 1 : 0);
            holdings.lost(Frames.lockOf(event), ended);
        }
    }

    /** Who lost a lock hears of that before it hears of the next owner. */
    private void lossComesFirst(JsonObject acquired, String text) {
        long mine = holdings.active(Frames.lockOf(acquired));
        if (mine != 0 && mine < acquired.getLong("fencingToken")) {
            throw new Broken("LossFirst", user + " has " + mine + " and hears " + text);
        }
    }
}
