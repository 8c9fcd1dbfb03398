// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.vertx.core.json.JsonObject;

/** What frames say of a channel and of a lock. */
final class Frames {

    private Frames() {}

    static JsonObject of(String op, ChannelKey channel) {
        return new JsonObject()
                .put("op", op)
                .put("channel", channel.name())
                .put("channelType", channel.type().name());
    }

    static JsonObject of(String op, Holdings.LockRef lock) {
        return of(op, lock.channel()).put("lockName", lock.name());
    }

    static ChannelKey channelOf(JsonObject frame) {
        return new ChannelKey(ChannelType.valueOf(frame.getString("channelType")), frame.getString("channel"));
    }

    static Holdings.LockRef lockOf(JsonObject frame) {
        return new Holdings.LockRef(channelOf(frame), frame.getString("lockName"));
    }

    static Holdings.Grant grantOf(JsonObject frame) {
        return new Holdings.Grant(lockOf(frame), frame.getLong("fencingToken"));
    }
}
