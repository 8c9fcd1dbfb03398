// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What clients do while nodes and cables fail. Twenty add to eight counters that a lock guards each, ten play with forty quieter
 * locks, and a subscriber at each node watches all of it.
 */
final class FaultLoad {

    private static final int ADDERS = 20;
    private static final long END_SECONDS_MAX = 300;
    private static final long EVENTS_SECONDS_MAX = 60;
    private static final long LOOK_MILLIS = 100;

    final Tally tally = new Tally();
    private final FaultNet net;
    private final List<Thread> acting = new ArrayList<>();
    private final List<Thread> watching = new ArrayList<>();
    private final List<Subscriber> subscribers;

    private interface Part {
        void run() throws Exception;
    }

    FaultLoad(FaultNet net) {
        this.net = net;
        subscribers = IntStream.range(0, net.size())
                .mapToObj(node -> new Subscriber(net, tally.history, node, channels()))
                .toList();
        subscribers.forEach(each -> watching.add(thread("watcher", each::run)));
        IntStream.range(0, ADDERS)
                .mapToObj(number -> new Adder(tally, net, number))
                .forEach(each -> acting.add(thread("adder", each::run)));
        IntStream.range(0, Player.PLAYERS)
                .mapToObj(number -> new Player(tally, net, number))
                .forEach(each -> acting.add(thread("player", each::run)));
    }

    private static List<String> counters() {
        return IntStream.range(0, Adder.COUNTERS).mapToObj(Adder::channel).toList();
    }

    private static List<String> quietChannels() {
        return IntStream.range(0, Player.PLAYERS).mapToObj(Player::channel).toList();
    }

    private static List<String> channels() {
        return Stream.concat(counters().stream(), quietChannels().stream()).toList();
    }

    private Thread thread(String name, Part part) {
        Thread thread = new Thread(
                () -> {
                    try {
                        part.run();
                    } catch (Exception | Error e) {
                        tally.broken.add(name + ": " + e + (e.getCause() == null ? "" : " for " + e.getCause()));
                    }
                },
                name);
        thread.setDaemon(true);
        return thread;
    }

    /** The subscribers first, so that they see everything. */
    void start() throws InterruptedException {
        watching.forEach(Thread::start);
        for (Subscriber each : subscribers) {
            awaitSeq(each, channels(), 0);
        }
        acting.forEach(Thread::start);
    }

    private void awaitSeq(Subscriber subscriber, List<String> channels, long seq) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(EVENTS_SECONDS_MAX);
        for (String channel : channels) {
            while (subscriber.lastSeq(channel) < seq) {
                if (System.nanoTime() > deadline) {
                    tally.broken.add("a subscriber saw %s up to %d, not to %d"
                            .formatted(channel, subscriber.lastSeq(channel), seq));
                    return;
                }
                LoadClient.pause(LOOK_MILLIS);
            }
        }
    }

    /** Ends the load, and reads what there is in the end. */
    void end() throws Exception {
        tally.ends = true;
        for (Thread thread : acting) {
            thread.join(TimeUnit.SECONDS.toMillis(END_SECONDS_MAX));
            if (thread.isAlive()) {
                tally.broken.add(thread.getName() + " never ended");
            }
        }
        LoadClient reader = new LoadClient(net, tally.history, "reader", 0, event -> {});
        for (String channel : counters()) {
            JsonObject stored = reader.insist(tally.nothing(), "getChannelMetadata", "channel", channel);
            int added =
                    tally.added.containsKey(channel) ? tally.added.get(channel).get() : 0;
            if (Adder.counter(stored) != added) {
                tally.broken.add(channel + " counts " + Adder.counter(stored) + ", and " + added + " were added");
            }
            readLast(reader, channel, List.of(Adder.LOCK));
        }
        for (String channel : quietChannels()) {
            readLast(reader, channel, Player.LOCKS);
        }
        reader.close();
        subscribers.forEach(Subscriber::end);
    }

    private void readLast(LoadClient reader, String channel, List<String> locks) throws Exception {
        JsonObject reply = reader.insist(tally.read(reader, channel, locks), "getLock", "channel", channel);
        for (Subscriber each : subscribers) {
            awaitSeq(each, List.of(channel), reply.getLong("seq"));
        }
    }
}
