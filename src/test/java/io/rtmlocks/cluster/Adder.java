// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.history.Op.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes a lock, adds one to the counter that it guards, and gives the lock back, again and again. Every request has one
 * outcome, so the counters must be exactly what was added.
 */
final class Adder {

    static final int COUNTERS = 8;
    static final String LOCK = "l";
    private static final int HOLD_MILLIS_MAX = 60;
    private static final int THINK_MILLIS_MAX = 300;
    private static final int LOST_THE_LOCK = -12008;
    private static final int NOT_THE_OWNER = -14006;

    private final Tally tally;
    private final LoadClient client;
    private final SplittableRandom random;

    Adder(Tally tally, FaultNet net, int number) {
        this.tally = tally;
        client = new LoadClient(net, tally.history, "adder" + number, number % net.size(), event -> {});
        random = new SplittableRandom(number);
    }

    static String channel(int counter) {
        return "counter" + counter;
    }

    void run() throws Exception {
        while (!tally.ends) {
            addOne(channel(random.nextInt(COUNTERS)));
            tally.rounds.incrementAndGet();
            LoadClient.pause(random.nextInt(THINK_MILLIS_MAX));
        }
        client.close();
    }

    static int counter(JsonObject stored) {
        JsonObject item = stored.getJsonObject("metadata").getJsonObject("n");
        return item == null ? 0 : Integer.parseInt(item.getString("value"));
    }

    private void addOne(String channel) throws Exception {
        JsonObject grant = client.insist(
                tally.of(client, Kind.CREATE_AND_ACQUIRE, channel, LOCK, 0),
                "acquireLock",
                "channel",
                channel,
                "lockName",
                LOCK,
                "retry",
                true,
                "create",
                true,
                "ttl",
                LoadClient.TTL_SECONDS);
        expect(grant, 0);
        long token = grant.getLong("fencingToken");
        JsonObject stored = client.insist(tally.nothing(), "getChannelMetadata", "channel", channel);
        expect(stored, 0);
        LoadClient.pause(random.nextInt(HOLD_MILLIS_MAX));
        JsonArray data =
                new JsonArray().add(new JsonObject().put("key", "n").put("value", String.valueOf(counter(stored) + 1)));
        JsonObject write = client.insist(
                tally.of(client, Kind.GUARDED_WRITE, channel, LOCK, token),
                "setChannelMetadata",
                "channel",
                channel,
                "data",
                data,
                "lockName",
                LOCK,
                "fencingToken",
                token);
        expect(write, LOST_THE_LOCK);
        if (write.getInteger("errorCode") == 0) {
            tally.added.computeIfAbsent(channel, any -> new AtomicInteger()).incrementAndGet();
        } else {
            tally.locksLost.incrementAndGet();
        }
        JsonObject release = client.insist(
                tally.of(client, Kind.RELEASE, channel, LOCK, token),
                "releaseLock",
                "channel",
                channel,
                "lockName",
                LOCK,
                "fencingToken",
                token);
        expect(release, NOT_THE_OWNER);
    }

    private void expect(JsonObject reply, int allowed) {
        int code = reply.getInteger("errorCode");
        if (code != 0 && code != allowed) {
            throw new IllegalStateException(client.user + " had " + reply);
        }
    }
}
