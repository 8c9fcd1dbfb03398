// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.history.History;
import io.rtmlocks.history.Sighting;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Watches all channels, and subscribes again when it had to come back; what it sees goes into the history. */
final class Subscriber {

    private static final long LOOK_MILLIS = 200;

    private final LoadClient client;
    private final History history;
    private final List<String> channels;
    private final Map<String, Long> lastSeq = new ConcurrentHashMap<>();
    private volatile int connections;
    private volatile boolean ends;

    Subscriber(FaultNet net, History history, int node, List<String> channels) {
        this.history = history;
        this.channels = channels;
        client = new LoadClient(net, history, "watcher" + node, node, this::onEvent);
    }

    /** The last number seen of this channel; -1 before the first. */
    long lastSeq(String channel) {
        return lastSeq.getOrDefault(channel, -1L);
    }

    private void onEvent(JsonObject event) {
        if (!"lock".equals(event.getString("event"))) {
            return;
        }
        Map<String, Sighting.Held> snapshot = new HashMap<>();
        if (event.getJsonArray("snapshot") != null) {
            event.getJsonArray("snapshot").forEach(each -> {
                JsonObject lock = (JsonObject) each;
                snapshot.put(
                        lock.getString("lockName"),
                        new Sighting.Held(lock.getString("owner"), lock.getLong("fencingToken")));
            });
        }
        String channel = event.getString("channel");
        history.add(new Sighting(
                client.user + "#" + connections,
                channel,
                event.getString("eventType"),
                event.getLong("seq"),
                event.getString("lockName", ""),
                event.getString("owner", ""),
                event.getLong("fencingToken", 0L),
                snapshot));
        lastSeq.put(channel, event.getLong("seq"));
    }

    void run() throws Exception {
        while (!ends) {
            if (client.isCutOff()) {
                connections++;
                client.reconnect();
                for (String channel : channels) {
                    client.insist((from, to, reply) -> {}, "subscribe", "channel", channel, "channelType", 1);
                }
            }
            LoadClient.pause(LOOK_MILLIS);
        }
        client.close();
    }

    void end() {
        ends = true;
    }
}
