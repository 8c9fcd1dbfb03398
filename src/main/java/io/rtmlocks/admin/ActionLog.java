// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.rtmlocks.telemetry.LogEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators did at this node: one line in the log each, and the latest in memory. Also what was refused or failed.
 *
 * <p>Thread-safe.
 */
final class ActionLog {

    static final int KEPT_MAX = 200;

    private static final Logger LOG = LoggerFactory.getLogger(ActionLog.class);

    private final String node;
    private final LongSupplier utcMillis;
    private final Deque<JsonObject> kept = new ArrayDeque<>();

    ActionLog(String node, LongSupplier utcMillis) {
        this.node = node;
        this.utcMillis = utcMillis;
    }

    /**
     * @param who the operator
     * @param from the address that it came from
     * @param what such as {@code revoke}
     * @param target what it was done to
     * @param result how it ended, in words
     */
    synchronized void add(String who, String from, String what, String target, String result) {
        LogEvent.OPERATOR_ACTED
                .on(LOG)
                .addKeyValue("action", what)
                .addKeyValue("who", who)
                .addKeyValue("from", from)
                .addKeyValue("target", target)
                .addKeyValue("result", result)
                .log();
        if (kept.size() == KEPT_MAX) {
            kept.removeFirst();
        }
        kept.add(new JsonObject()
                .put("timestamp", utcMillis.getAsLong())
                .put("node", node)
                .put("who", who)
                .put("from", from)
                .put("action", what)
                .put("target", target)
                .put("result", result));
    }

    /** Oldest first. */
    synchronized JsonArray all() {
        return kept.stream().map(JsonObject::copy).collect(Json.toArray());
    }
}
