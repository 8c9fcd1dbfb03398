// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.gateway.TestClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that each take a lock, add one to a counter that it guards, and give the lock back, again and again, whatever happens
 * to the nodes: they come back to their session at another node, and ask again under the same id.
 *
 * <p>Every request has one outcome then, so the counters must be exactly what was added.
 */
final class CounterLoad {

    private static final Set<Integer> ASK_AGAIN = Set.of(-14002, -14009, -12018, -12019);
    private static final int LOST_THE_LOCK = -12008;
    private static final int NOT_THE_OWNER = -14006;
    private static final long GIVE_UP_SECONDS = 60;

    private final ProcessCluster cluster;
    private final int channels;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, AtomicInteger> added = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> lastTokens = new ConcurrentHashMap<>();
    private final Map<String, String> holders = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> broken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger definiteErrors = new AtomicInteger();
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicLong longestGapMillis = new AtomicLong();
    private volatile long lastAnswerNanos = System.nanoTime();
    private volatile boolean ends;

    CounterLoad(ProcessCluster cluster, int clients, int channels) {
        this.cluster = cluster;
        this.channels = channels;
        for (int i = 0; i < clients; i++) {
            int number = i;
            threads.add(new Thread(() -> run(number), "client-" + i));
        }
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Ends the load, and says what went wrong; empty when nothing did. */
    List<String> end() throws InterruptedException {
        ends = true;
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(2 * GIVE_UP_SECONDS));
            if (thread.isAlive()) {
                broken.add(thread.getName() + " never ended");
            }
        }
        TestClient reader = cluster.login(0, "reader");
        added.forEach((channel, times) -> {
            int stored = counter(reader.succeed("getChannelMetadata", "channel", channel));
            if (stored != times.get()) {
                broken.add(channel + " counts " + stored + ", and " + times + " were added");
            }
        });
        reader.close(1000);
        return List.copyOf(broken);
    }

    Map<String, Number> counts() {
        Map<String, Number> counts = new TreeMap<>();
        counts.put("rounds", rounds.get());
        counts.put("locks lost on the way", lost.get());
        counts.put("definite errors", definiteErrors.get());
        return counts;
    }

    int rounds() {
        return rounds.get();
    }

    /** The longest time since it was asked last in which nobody was answered. */
    long takeLongestGapMillis() {
        return longestGapMillis.getAndSet(0);
    }

    private void run(int number) {
        Worker worker = new Worker("user" + number, number);
        try {
            worker.connect();
            for (int round = 0; !ends; round++) {
                worker.addOne("counter" + (number + round) % channels);
            }
            worker.client.close(1000);
        } catch (RuntimeException | Error e) {
            broken.add(Thread.currentThread().getName() + ": " + e);
        }
    }

    private static int counter(JsonObject stored) {
        JsonObject item = stored.getJsonObject("metadata").getJsonObject("n");
        return item == null ? 0 : Integer.parseInt(item.getString("value"));
    }

    private void answered() {
        long now = System.nanoTime();
        long gap = TimeUnit.NANOSECONDS.toMillis(now - lastAnswerNanos);
        lastAnswerNanos = now;
        longestGapMillis.accumulateAndGet(gap, Math::max);
    }

    /** One client, in a thread of its own. */
    private final class Worker {
        private final String user;
        private int node;
        private TestClient client;

        Worker(String user, int node) {
            this.user = user;
            this.node = node % cluster.size();
        }

        /** To whichever node lets it in; with its session, if it had one. */
        void connect() {
            TestClient former = client;
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS);
            while (true) {
                try {
                    TestClient next = cluster.connect(node);
                    if (former != null) {
                        next.continueIdsOf(former);
                    }
                    JsonObject welcome = next.login(user, former == null ? null : former.resumeToken);
                    if (former != null && !welcome.getBoolean("resumed")) {
                        throw new IllegalStateException("the session of " + user + " was not known");
                    }
                    client = next;
                    return;
                } catch (AssertionError | IllegalStateException e) {
                    if (System.nanoTime() > deadline
                            || String.valueOf(e.getMessage()).contains("not known")) {
                        throw e;
                    }
                    node = (node + 1) % cluster.size();
                }
            }
        }

        /** Asks until there is an answer that is one. */
        private JsonObject ask(String op, Object... fields) {
            JsonObject request = client.request(op, fields);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS);
            while (System.nanoTime() < deadline) {
                try {
                    JsonObject reply = client.call(request);
                    answered();
                    if (!ASK_AGAIN.contains(reply.getInteger("errorCode"))) {
                        return reply;
                    }
                } catch (AssertionError | IllegalStateException e) {
                    if (client.isClosed()) {
                        node = (node + 1) % cluster.size();
                        connect();
                    }
                }
            }
            throw new IllegalStateException("no answer to " + request);
        }

        void addOne(String channel) {
            JsonObject grant =
                    ask("acquireLock", "channel", channel, "lockName", "l", "retry", true, "create", true, "ttl", 30);
            if (grant.getInteger("errorCode") != 0) {
                definiteErrors.incrementAndGet();
                broken.add(user + " asked for " + channel + " and had " + grant);
                return;
            }
            long token = grant.getLong("fencingToken");
            noteGrant(channel, token);
            int before = counter(ask("getChannelMetadata", "channel", channel));
            JsonArray data =
                    new JsonArray().add(new JsonObject().put("key", "n").put("value", String.valueOf(before + 1)));
            JsonObject write =
                    ask("setChannelMetadata", "channel", channel, "data", data, "lockName", "l", "fencingToken", token);
            if (write.getInteger("errorCode") == 0) {
                added.computeIfAbsent(channel, any -> new AtomicInteger()).incrementAndGet();
            } else if (write.getInteger("errorCode") == LOST_THE_LOCK) {
                lost.incrementAndGet();
            } else {
                definiteErrors.incrementAndGet();
                broken.add(user + " wrote to " + channel + " and had " + write);
            }
            holders.remove(channel, user);
            JsonObject release = ask("releaseLock", "channel", channel, "lockName", "l", "fencingToken", token);
            int code = release.getInteger("errorCode");
            if (code != 0 && code != NOT_THE_OWNER) {
                definiteErrors.incrementAndGet();
                broken.add(user + " released " + channel + " and had " + release);
            }
            rounds.incrementAndGet();
        }

        /** Tokens grow, and nobody is granted what another holds; who lost a lock is found by its refused write. */
        private void noteGrant(String channel, long token) {
            long before =
                    lastTokens.computeIfAbsent(channel, any -> new AtomicLong()).getAndAccumulate(token, Math::max);
            if (before >= token) {
                broken.add(user + " was granted " + channel + " with " + token + " after " + before);
            }
            String other = holders.put(channel, user);
            if (other != null && lost.get() == 0) {
                broken.add(user + " was granted " + channel + " while " + other + " held it");
            }
        }
    }
}
