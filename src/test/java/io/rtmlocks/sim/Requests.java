// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.ChannelKey;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What a client asks, until it is answered, and what it concludes from the answers. */
final class Requests {

    private static final Set<Integer> UNKNOWN_OUTCOME = Set.of(-14_002, -12_018);
    private static final Set<Integer> NOTHING_HAPPENED = Set.of(-14_009, -12_019);
    private static final Set<Integer> BY_RULE =
            Set.of(-14_001, -14_003, -14_004, -14_006, -14_007, -14_008, -12_008, -12_014);
    private static final Set<String> NOT_REMEMBERED = Set.of("subscribe", "unsubscribe", "getLock");
    private static final long ASK_AGAIN_MILLIS = 1_000;
    private static final int PERCENT = 100;
    private static final int REPEAT_PERCENT = 3;
    private static final int REPEAT_AFTER_MILLIS_MAX = 20_000;

    /** Answers are kept for a minute; the last repetition has to arrive, and may have to wait for a leader. */
    private static final long REPEAT_WITHIN_MILLIS = 40_000;

    private final Simulation simulation;
    private final Clockwork clockwork;
    private final SplittableRandom random;
    private final Client client;
    private final Map<Long, Asked> pending = new LinkedHashMap<>();

    /** To which channels it wants to be subscribed, and by which request it last said whether it does. */
    private final Set<ChannelKey> wanted = new LinkedHashSet<>(Simulation.CHANNELS);

    private final Map<ChannelKey, Long> lastWords = new HashMap<>();

    /** How often it forgot what it had asked. */
    private int lives;

    /** A request that has no answer yet. */
    private static final class Asked {
        final JsonObject frame;
        final Holdings.@Nullable LockRef lock;
        final long bornMillis;
        long sentMillis;

        Asked(JsonObject frame, Holdings.@Nullable LockRef lock, long bornMillis) {
            this.frame = frame;
            this.lock = lock;
            this.bornMillis = bornMillis;
        }

        long id() {
            return frame.getLong("id");
        }

        String op() {
            return frame.getString("op");
        }
    }

    Requests(Simulation simulation, Clockwork clockwork, SplittableRandom random, Client client) {
        this.simulation = simulation;
        this.clockwork = clockwork;
        this.random = random;
        this.client = client;
    }

    int pendingCount() {
        return pending.size();
    }

    List<JsonObject> pending() {
        return pending.values().stream().map(each -> each.frame).toList();
    }

    void forget() {
        pending.clear();
        lives++;
    }

    /** It is another page, which knows nothing but what a login says. */
    void keepOnly(Set<Long> ids) {
        pending.keySet().retainAll(ids);
        wanted.addAll(Simulation.CHANNELS);
        lives++;
    }

    /** On another connection. */
    void askAgain() {
        pending.values().removeIf(each -> each.op().endsWith("subscribe"));
        List.copyOf(pending.values()).forEach(this::send);
        List.copyOf(wanted).forEach(this::subscribe);
    }

    long ask(JsonObject frame, Holdings.@Nullable LockRef lock) {
        long id = client.nextId();
        Asked asked = new Asked(frame.put("id", id), lock, clockwork.nowMillis());
        pending.put(id, asked);
        send(asked);
        return id;
    }

    boolean wants(ChannelKey channel) {
        return wanted.contains(channel);
    }

    void subscribe(ChannelKey channel) {
        wanted.add(channel);
        JsonObject frame = Frames.of("subscribe", channel).put("withStorage", true);
        lastWords.put(channel, ask(frame.put("withQueue", random.nextBoolean()), null));
    }

    void unsubscribe(ChannelKey channel) {
        wanted.remove(channel);
        client.holdings().leave(channel, clockwork.nowMillis());
        lastWords.put(channel, ask(Frames.of("unsubscribe", channel), null));
    }

    private void send(Asked asked) {
        if (client.say(asked.frame)) {
            asked.sentMillis = clockwork.nowMillis();
            client.heard().asks(asked.id());
        }
    }

    void onReply(JsonObject reply, String text) {
        long id = reply.getLong("id");
        int code = reply.getInteger("errorCode");
        boolean isOutcome = code == 0 || BY_RULE.contains(code);
        client.heard().reply(id, text);
        Asked asked = pending.get(id);
        if (asked == null) {
            if (isOutcome) {
                client.heard().sameOutcome(id, text);
            }
        } else if (UNKNOWN_OUTCOME.contains(code)) {
            simulation.count("outcomes unknown for a while");
            clockwork.after(ASK_AGAIN_MILLIS, () -> {
                if (pending.get(id) == asked) {
                    send(asked);
                }
            });
        } else if (NOTHING_HAPPENED.contains(code)) {
            pending.remove(id);
            onNothingHappened(asked);
        } else if (isOutcome) {
            pending.remove(id);
            onOutcome(asked, reply, text);
        } else {
            throw new Broken("Protocol", client.user() + " asked " + asked.frame + " and heard " + text);
        }
    }

    private void onNothingHappened(Asked asked) {
        simulation.count("definite refusals");
        simulation.watch(invariant -> invariant.onNothingHappened(client, asked.id()));
        if (asked.op().equals("releaseLock")) {
            client.holdings().keep(asked.lock);
        } else if (asked.op().equals("subscribe") && wants(Frames.channelOf(asked.frame))) {
            subscribe(Frames.channelOf(asked.frame));
        }
    }

    private void onOutcome(Asked asked, JsonObject reply, String text) {
        int code = reply.getInteger("errorCode");
        simulation.count(code == 0 ? "answers" : "refusals by rule");
        if (!asked.op().equals("unsubscribe")) {
            simulation.watch(invariant -> invariant.onAnswer(client, asked.id(), text));
        }
        switch (asked.op()) {
            case "acquireLock" -> {
                if (code == 0) {
                    onGranted(asked, reply.getLong("fencingToken"));
                }
            }
            case "releaseLock" -> client.holdings().lost(asked.lock, asked.frame.getLong("fencingToken"));
            case "subscribe" -> onSubscribed(asked, Frames.channelOf(asked.frame));
            case "unsubscribe" -> client.heard().unsubscribed(Frames.channelOf(asked.frame));
            default -> {}
        }
        if (!NOT_REMEMBERED.contains(asked.op())) {
            client.heard().outcome(asked.id(), text);
            mayRepeat(asked);
        }
    }

    private void onGranted(Asked asked, long token) {
        client.holdings().granted(asked.lock, token, asked.sentMillis);
        simulation.watch(invariant -> invariant.onGranted(client, asked.lock, token));
    }

    private void onSubscribed(Asked asked, ChannelKey channel) {
        if (lastWords.get(channel) == asked.id()) {
            client.holdings().comeBack(channel, asked.sentMillis);
        }
    }

    /** As if the answer had been lost. */
    private void mayRepeat(Asked asked) {
        if (random.nextInt(PERCENT) < REPEAT_PERCENT) {
            int life = lives;
            clockwork.after(random.nextInt(REPEAT_AFTER_MILLIS_MAX), () -> {
                if (life == lives && clockwork.nowMillis() < asked.bornMillis + REPEAT_WITHIN_MILLIS) {
                    simulation.count("requests repeated");
                    send(asked);
                }
            });
        }
    }
}
