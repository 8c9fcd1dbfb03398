// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.TableView;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What nodes ask each other for their operators; the rest of a question depends on its kind.
 *
 * @param kind what is asked
 * @param with the rest of it
 */
record Question(Kind kind, JsonObject with) {

    enum Kind {
        /** How the node is, and its replicas. */
        NODE,
        /** Channels of the shards that it leads. */
        CHANNELS,
        /** Locks of the shards that it leads. */
        LOCKS,
        /** One lock, and what any replica knows of its past. */
        LOCK,
        /** What operators did at this node. */
        ACTIONS,
        REVOKE,
        REMOVE,
        DISCONNECT,
        DRAIN
    }

    /** For one lock; {@code shard} is where it is. */
    static Question ofLock(Kind kind, int shard, ChannelKey channel, String lockName) {
        return new Question(kind, place(channel, lockName).put("shard", shard));
    }

    static Question of(Kind kind, TableView.Wanted wanted) {
        JsonObject with = new JsonObject()
                .put("contains", wanted.text())
                .put("held", wanted.heldOnly())
                .put("limit", wanted.entriesMax());
        ChannelKey channel = wanted.channel();
        TableView.Place after = wanted.after();
        if (channel != null) {
            with.put("in", place(channel, ""));
        }
        if (after != null) {
            with.put("after", place(after.channel(), after.lockName()));
        }
        return new Question(kind, with);
    }

    private static JsonObject place(ChannelKey channel, String lockName) {
        return new JsonObject()
                .put("channel", channel.name())
                .put("channelType", channel.type().name())
                .put("lockName", lockName);
    }

    JsonObject encode() {
        return new JsonObject().put("kind", kind.name()).put("with", with);
    }

    /** @throws RuntimeException when it is no question */
    static Question decode(JsonObject message) {
        return new Question(Kind.valueOf(message.getString("kind")), message.getJsonObject("with"));
    }

    int shard() {
        return with.getInteger("shard");
    }

    ChannelKey channel() {
        return channel(with);
    }

    String lockName() {
        return with.getString("lockName");
    }

    private static ChannelKey channel(JsonObject place) {
        return new ChannelKey(ChannelType.valueOf(place.getString("channelType")), place.getString("channel"));
    }

    TableView.Wanted wanted() {
        JsonObject only = with.getJsonObject("in");
        return new TableView.Wanted(
                only == null ? null : channel(only),
                with.getString("contains"),
                with.getBoolean("held"),
                place(with.getJsonObject("after")),
                with.getInteger("limit"));
    }

    /** Where the entry of a list stands; null for null. */
    static TableView.@Nullable Place place(@Nullable JsonObject entry) {
        return entry == null ? null : new TableView.Place(channel(entry), entry.getString("lockName", ""));
    }
}
