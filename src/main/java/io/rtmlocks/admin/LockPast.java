// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.rtmlocks.shard.LockHistory;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the replicas of a shard remember of a lock, put together: each may lack what happened before it came. */
final class LockPast {
    private LockPast() {}

    /** The latest transitions, newest first. */
    static List<JsonObject> merged(Collection<JsonObject> answers) {
        Map<Long, JsonObject> bySeq = new TreeMap<>((one, other) -> Long.compare(other, one));
        answers.stream()
                .flatMap(answer -> Json.objects(answer, "history"))
                .forEach(transition -> bySeq.put(transition.getLong("seq"), shown(transition)));
        return bySeq.values().stream().limit(LockHistory.PER_LOCK_MAX).toList();
    }

    /** The event without what is the same in all of them. */
    private static JsonObject shown(JsonObject event) {
        JsonObject shown = event.copy();
        List.of("event", "channel", "channelType", "lockName").forEach(shown::remove);
        return shown;
    }

    /** Who held it when, newest first; without {@code until} who still does. */
    static JsonArray holds(List<JsonObject> history) {
        Map<Long, JsonObject> byToken = new TreeMap<>((one, other) -> Long.compare(other, one));
        for (int i = history.size() - 1; i >= 0; i--) {
            JsonObject transition = history.get(i);
            Long token = transition.getLong("fencingToken");
            if (token == null) {
                continue;
            }
            if (transition.getString("eventType").equals("ACQUIRED")) {
                byToken.put(
                        token,
                        new JsonObject()
                                .put("owner", transition.getString("owner"))
                                .put("fencingToken", token)
                                .put("from", transition.getLong("timestamp")));
            } else if (byToken.containsKey(token)) {
                byToken.get(token)
                        .put("until", transition.getLong("timestamp"))
                        .put("ended", transition.getString("cause"));
            }
        }
        return byToken.values().stream().collect(Json.toArray());
    }
}
