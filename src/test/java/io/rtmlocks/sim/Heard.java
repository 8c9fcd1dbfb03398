// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.ChannelKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a client has been told in its session, and whether it may have been told that (PROTOCOL.md §1, §5, §6). */
final class Heard {

    private final String user;
    private final Map<Long, Integer> asked = new HashMap<>();
    private final Map<Long, Integer> answered = new HashMap<>();
    private final Set<Loss> losses = new HashSet<>();
    private final Map<ChannelKey, Long> revisions = new HashMap<>();

    /** A token that ended against the will of its owner. */
    record Loss(Holdings.LockRef lock, long token) {}

    Heard(String user) {
        this.user = user;
    }

    /** Another session begins. */
    void begin() {
        asked.clear();
        answered.clear();
        losses.clear();
    }

    /** Another connection begins, and sees nothing yet. */
    void connect() {
        revisions.clear();
    }

    void asks(long id) {
        asked.merge(id, 1, Integer::sum);
    }

    /** A request has one reply, or one for each time that it was asked. */
    void reply(long id, String text) {
        int times = answered.merge(id, 1, Integer::sum);
        if (asked.containsKey(id) && times > asked.get(id)) {
            throw new Broken("OneReply", user + " asked " + asked.get(id) + " times and heard once more: " + text);
        }
    }

    void loss(Holdings.LockRef lock, long token) {
        losses.add(new Loss(lock, token));
    }

    Set<Loss> losses() {
        return losses;
    }

    /** From a snapshot on, every revision of a channel's storage comes once. */
    void storage(ChannelKey channel, boolean isSnapshot, long revision, String text) {
        Long before = revisions.put(channel, revision);
        if (!isSnapshot && (before == null || before + 1 != revision)) {
            throw new Broken("StorageInOrder", user + " heard after " + before + ": " + text);
        }
    }

    /** @return -1 for none */
    long revision(ChannelKey channel) {
        return revisions.getOrDefault(channel, -1L);
    }
}
