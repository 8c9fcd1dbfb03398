// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Clients count together: each reads a number in the channel's storage and writes one more, under a lock. Connections break in
 * the middle of anything, and what has no answer is sent again. No step may be lost and none may happen twice.
 */
class GuardedCounterTest {

    private static final int CLIENTS = 8;
    private static final int STEPS = 25;

    private final RunningNode node = RunningNode.with("limits.acquirePerSecond", "0", "limits.opsPerSecond", "0");
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);

    @AfterEach
    void stop() {
        threads.shutdownNow();
        node.close();
    }

    @Test
    void everyStepIsCountedOnce_whateverConnectionsDo() throws Exception {
        long seed = Long.getLong("rtm.seed", System.nanoTime());
        TestClient watcher = node.login("watcher");
        watcher.call("subscribe", "channel", "c");
        watcher.call("setLock", "channel", "c", "lockName", "l", "ttl", 60);
        List<Callable<Void>> counters = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            counters.add(new Counter(i, new SplittableRandom(seed + i)));
        }
        for (Future<Void> counter : threads.invokeAll(counters)) {
            counter.get();
        }
        assertThat(number(watcher.call("getChannelMetadata", "channel", "c")))
                .as("-Drtm.seed=" + seed)
                .isEqualTo(CLIENTS * STEPS);
        watcher.sync();
        assertNoGap(watcher, CLIENTS * STEPS);
    }

    /** The lock was set, and for each step acquired and released: all of it was seen, in order, once, with growing tokens. */
    private static void assertNoGap(TestClient watcher, int grants) {
        long seq = 0;
        long token = 0;
        for (JsonObject frame : watcher.received()) {
            if (!"lock".equals(frame.getString("event")) || "SNAPSHOT".equals(frame.getString("eventType"))) {
                continue;
            }
            assertThat(frame.getLong("seq")).as(frame.encode()).isEqualTo(++seq);
            if ("ACQUIRED".equals(frame.getString("eventType"))) {
                assertThat(frame.getLong("fencingToken")).as(frame.encode()).isGreaterThan(token);
                token = frame.getLong("fencingToken");
            }
        }
        assertThat(seq).isEqualTo(1 + 2L * grants);
    }

    private static int number(JsonObject stored) {
        JsonObject item = stored.getJsonObject("metadata").getJsonObject("n");
        return item == null ? 0 : Integer.parseInt(item.getString("value"));
    }

    /** One client that counts, and whose connections break. */
    private final class Counter implements Callable<Void> {
        private final String name;
        private final SplittableRandom random;
        private TestClient client;
        private long lastId = 100;

        Counter(int number, SplittableRandom random) {
            this.name = "counter" + number;
            this.random = random;
            this.client = node.login(name);
        }

        @Override
        public Void call() {
            for (int i = 0; i < STEPS; i++) {
                JsonObject grant = surely("acquireLock", "lockName", "l", "retry", true);
                int next = number(surely("getChannelMetadata")) + 1;
                JsonArray data =
                        new JsonArray().add(new JsonObject().put("key", "n").put("value", "" + next));
                long token = grant.getLong("fencingToken");
                surely("setChannelMetadata", "lockName", "l", "fencingToken", token, "data", data);
                surely("releaseLock", "lockName", "l", "fencingToken", token);
            }
            return null;
        }

        /** Asks until it is answered, with the same id; now and then the connection breaks before the answer is read. */
        private JsonObject surely(String op, Object... fields) {
            JsonObject request = client.request(op, fields).put("id", ++lastId).put("channel", "c");
            client.send(request);
            while (random.nextInt(6) == 0) {
                String resumeToken = client.resumeToken;
                client.cut();
                client = node.connect();
                JsonObject back = client.login(name, resumeToken);
                assertThat(back.getBoolean("resumed")).isTrue();
                client.send(request);
            }
            JsonObject reply = client.reply(lastId);
            assertThat(reply.getInteger("errorCode")).as(request + " " + reply).isZero();
            return reply;
        }
    }
}
