// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.ChannelKey;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a client has been told in its session, and whether it may have been told that (PROTOCOL.md §1, §4, §5, §6). */
final class Heard {

    private final Simulation simulation;
    private final Client client;
    private final Map<Long, Integer> asked = new HashMap<>();
    private final Map<Long, Integer> answered = new HashMap<>();
    private final Map<Long, String> outcomes = new HashMap<>();
    private final Set<Holdings.Grant> losses = new HashSet<>();
    private final Map<ChannelKey, Long> seqs = new HashMap<>();
    private final Map<ChannelKey, Long> revisions = new HashMap<>();

    Heard(Simulation simulation, Client client) {
        this.simulation = simulation;
        this.client = client;
    }

    /** Another session begins. */
    void begin() {
        asked.clear();
        answered.clear();
        outcomes.clear();
        losses.clear();
    }

    /** Another connection begins, and sees nothing yet; what was on its way to the former one may come once more. */
    void connect() {
        asked.replaceAll((id, times) -> answered.containsKey(id) ? times + 1 : times);
        seqs.clear();
        revisions.clear();
    }

    void unsubscribed(ChannelKey channel) {
        seqs.remove(channel);
        revisions.remove(channel);
        simulation.watch(invariant -> invariant.onUnsubscribed(client, channel));
    }

    void asks(long id) {
        asked.merge(id, 1, Integer::sum);
    }

    /** A request has one reply, or one for each time that it was asked. */
    void reply(long id, String text) {
        int times = answered.merge(id, 1, Integer::sum);
        if (asked.containsKey(id) && times > asked.get(id)) {
            throw new Broken("OneReply", client.user() + " asked " + asked.get(id) + " times and heard also: " + text);
        }
    }

    void outcome(long id, String text) {
        outcomes.put(id, text);
    }

    /** Whoever asks again hears the same. */
    void sameOutcome(long id, String text) {
        String first = outcomes.get(id);
        if (first != null && !first.equals(text)) {
            throw new Broken("OneOutcome", client.user() + " heard " + first + ", and when it asked again " + text);
        }
    }

    void loss(Holdings.Grant ended) {
        losses.add(ended);
    }

    /** What ended against its will. */
    Set<Holdings.Grant> losses() {
        return losses;
    }

    void lock(ChannelKey channel, JsonObject event, String text) {
        long seq = event.getLong("seq");
        seqs.put(channel, seq);
        if (event.getString("eventType").equals("SNAPSHOT")) {
            simulation.count("snapshots seen");
            simulation.watch(invariant -> invariant.onSnapshot(client, channel, seq, text));
        } else {
            simulation.count("events seen");
            simulation.watch(invariant -> invariant.onEvent(client, channel, seq, text));
        }
    }

    /** The number of the last event it saw, -1 for none. */
    long seq(ChannelKey channel) {
        return seqs.getOrDefault(channel, -1L);
    }

    /** From a snapshot on, every revision of a channel's storage comes once. */
    void storage(ChannelKey channel, JsonObject event, String text) {
        long revision = event.getLong("majorRevision");
        boolean isSnapshot = event.getString("eventType").equals("SNAPSHOT");
        Long before = revisions.put(channel, revision);
        if (!isSnapshot && (before == null || before + 1 != revision)) {
            throw new Broken("StorageInOrder", client.user() + " heard after " + before + ": " + text);
        }
    }

    /** @return -1 for none */
    long revision(ChannelKey channel) {
        return revisions.getOrDefault(channel, -1L);
    }
}
