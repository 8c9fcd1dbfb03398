// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One client, as the protocol wants it: it resumes, asks again under the same id, subscribes anew, and knows what to trust. */
final class Client implements Connection.ClientEnd {

    private static final int UNKNOWN_OUTCOME = -14_002;
    private static final int UNKNOWN_STORAGE_OUTCOME = -12_018;
    private static final int LEFT = 1_000;
    private static final Set<Integer> NOTHING_HAPPENED = Set.of(-14_009, -12_019);
    private static final Set<Integer> BY_RULE =
            Set.of(-14_001, -14_003, -14_004, -14_006, -14_007, -14_008, -12_008, -12_014);
    private static final long ASK_AGAIN_MILLIS = 1_000;

    private final Simulation simulation;
    private final Clockwork clockwork;
    private final SplittableRandom random;
    private final String user;
    private final Holdings holdings = new Holdings();
    private final Heard heard;
    private final Map<Long, Asked> pending = new LinkedHashMap<>();
    private final Map<ChannelKey, Long> seenSeq = new HashMap<>();
    private final Map<Long, Long> heartbeats = new HashMap<>();
    private String sessionId = "";
    private @Nullable String resumeToken;
    private @Nullable Connection connection;
    private boolean isLoggedIn;
    private long loginId;
    private long loginMillis;
    private long lastId;
    private long heardMillis;

    /** A request that has no answer yet. */
    private static final class Asked {
        final JsonObject frame;
        final Holdings.@Nullable LockRef lock;
        long sentMillis;

        Asked(JsonObject frame, Holdings.@Nullable LockRef lock) {
            this.frame = frame;
            this.lock = lock;
        }
    }

    Client(Simulation simulation, Clockwork clockwork, SplittableRandom random, String user) {
        this.simulation = simulation;
        this.clockwork = clockwork;
        this.random = random;
        this.user = user;
        this.heard = new Heard(user);
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

    int pendingCount() {
        return pending.size();
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
        return user + " (" + sessionId + ", logged in: " + isLoggedIn + ") asks "
                + pending.values().stream().map(each -> each.frame).toList() + ", holds " + holdings.all();
    }

    /** The number of the last event it saw, -1 for none. */
    long seenSeq(ChannelKey channel) {
        return seenSeq.getOrDefault(channel, -1L);
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

    private void left() {
        heard.connect();
        connection = null;
        isLoggedIn = false;
        seenSeq.clear();
    }

    private void forget() {
        resumeToken = null;
        sessionId = "";
        pending.clear();
        heard.begin();
        holdings.begin(0);
    }

    @Override
    public void onClose(int code) {
        simulation.count("connections closed with " + code);
        simulation.trace(() -> user + " is closed with " + code);
        left();
    }

    void ask(JsonObject frame, Holdings.@Nullable LockRef lock) {
        long id = ++lastId;
        frame.put("id", id);
        Asked asked = new Asked(frame, lock);
        pending.put(id, asked);
        send(asked);
    }

    void release(Holdings.LockRef lock) {
        long token = holdings.giveBack(lock);
        ask(of("releaseLock", lock).put("fencingToken", token), lock);
    }

    static JsonObject of(String op, ChannelKey channel) {
        return new JsonObject()
                .put("op", op)
                .put("channel", channel.name())
                .put("channelType", channel.type().name());
    }

    static JsonObject of(String op, Holdings.LockRef lock) {
        return of(op, lock.channel()).put("lockName", lock.name());
    }

    private void send(Asked asked) {
        if (connection != null && isLoggedIn) {
            asked.sentMillis = clockwork.nowMillis();
            heard.asks(asked.frame.getLong("id"));
            simulation.trace(() -> user + " says " + asked.frame);
            connection.send(asked.frame.encode());
        }
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
            case "storage" -> onStorageEvent(frame, text);
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
        long id = reply.getLong("id");
        int code = reply.getInteger("errorCode");
        if (id == loginId) {
            if (code == 0) {
                onLogin(reply);
            }
            return;
        }
        heard.reply(id, text);
        Asked asked = pending.get(id);
        if (asked == null) {
            return;
        }
        if (code == UNKNOWN_OUTCOME || code == UNKNOWN_STORAGE_OUTCOME) {
            simulation.count("outcomes unknown for a while");
            clockwork.after(ASK_AGAIN_MILLIS, () -> {
                if (pending.get(id) == asked) {
                    send(asked);
                }
            });
            return;
        }
        pending.remove(id);
        if (NOTHING_HAPPENED.contains(code)) {
            onNothingHappened(id, asked);
        } else if (code == 0 || BY_RULE.contains(code)) {
            simulation.count(code == 0 ? "answers" : "refusals by rule");
            simulation.watch(invariant -> invariant.onAnswer(this, id, text));
            onAnswered(asked, reply, code);
        } else {
            throw new Broken("Protocol", user + " asked " + asked.frame + " and heard " + text);
        }
    }

    private void onNothingHappened(long id, Asked asked) {
        simulation.count("definite refusals");
        simulation.watch(invariant -> invariant.onNothingHappened(this, id));
        String op = asked.frame.getString("op");
        if (op.equals("releaseLock")) {
            holdings.keep(asked.lock);
        } else if (op.equals("subscribe")) {
            subscribe(channelOf(asked.frame));
        }
    }

    private void onAnswered(Asked asked, JsonObject reply, int code) {
        switch (asked.frame.getString("op")) {
            case "acquireLock" -> {
                if (code == 0) {
                    holdings.granted(asked.lock, reply.getLong("fencingToken"), asked.sentMillis);
                    simulation.watch(invariant -> invariant.onGranted(this, asked.lock, reply.getLong("fencingToken")));
                }
            }
            case "releaseLock" -> holdings.lost(asked.lock, asked.frame.getLong("fencingToken"));
            default -> {}
        }
    }

    private void onLogin(JsonObject reply) {
        isLoggedIn = true;
        resumeToken = reply.getString("resumeToken");
        String former = sessionId;
        sessionId = reply.getString("sessionId");
        if (reply.getBoolean("resumed")) {
            Map<Holdings.LockRef, Long> held = new LinkedHashMap<>();
            reply.getJsonArray("held").forEach(each -> {
                JsonObject lock = (JsonObject) each;
                held.put(lockOf(lock), lock.getLong("fencingToken"));
            });
            holdings.resumed(held, loginMillis);
        } else {
            simulation.count("sessions begun");
            simulation.watch(invariant -> invariant.onNewSession(this, former));
            pending.clear();
            heard.begin();
            holdings.begin(loginMillis);
        }
        pending.values().removeIf(each -> each.frame.getString("op").equals("subscribe"));
        List.copyOf(pending.values()).forEach(this::send);
        Simulation.CHANNELS.forEach(this::subscribe);
    }

    private void subscribe(ChannelKey channel) {
        ask(of("subscribe", channel).put("withStorage", true).put("withQueue", random.nextBoolean()), null);
    }

    private static ChannelKey channelOf(JsonObject frame) {
        return new ChannelKey(ChannelType.valueOf(frame.getString("channelType")), frame.getString("channel"));
    }

    private static Holdings.LockRef lockOf(JsonObject frame) {
        return new Holdings.LockRef(channelOf(frame), frame.getString("lockName"));
    }

    private void onStorageEvent(JsonObject event, String text) {
        boolean isSnapshot = event.getString("eventType").equals("SNAPSHOT");
        heard.storage(channelOf(event), isSnapshot, event.getLong("majorRevision"), text);
    }

    private void onSessionEvent(JsonObject event) {
        if (event.getString("type").equals("LOCK_LOST")) {
            simulation.count("losses told");
            heard.loss(lockOf(event), event.getLong("fencingToken"));
            holdings.lost(lockOf(event), event.getLong("fencingToken"));
        }
    }

    private void onLockEvent(JsonObject event, String text) {
        String type = event.getString("eventType");
        if (type.equals("QUEUE")) {
            return;
        }
        ChannelKey channel = channelOf(event);
        long seq = event.getLong("seq");
        if (type.equals("SNAPSHOT")) {
            seenSeq.put(channel, seq);
            simulation.count("snapshots seen");
            simulation.watch(invariant -> invariant.onSnapshot(this, channel, seq, text));
            return;
        }
        simulation.count("events seen");
        seenSeq.put(channel, seq);
        simulation.watch(invariant -> invariant.onEvent(this, channel, seq, text));
        if (type.equals("ACQUIRED")) {
            lossComesFirst(event, text);
        }
        if (type.equals("ACQUIRED") ? !event.getString("owner").equals(user) : !type.equals("SET")) {
            long ended = event.getLong("fencingToken", 0L) - (type.equals("ACQUIRED") ? 1 : 0);
            holdings.lost(lockOf(event), ended);
        }
    }

    /** Who lost a lock hears of that before it hears of the next owner. */
    private void lossComesFirst(JsonObject acquired, String text) {
        long mine = holdings.active(lockOf(acquired));
        if (mine != 0 && mine < acquired.getLong("fencingToken")) {
            throw new Broken("LossFirst", user + " has " + mine + " and hears " + text);
        }
    }
}
