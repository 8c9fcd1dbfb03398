// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.client;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The requests of a client that wants one lock, without their numbers, and what it reads in the answers. */
record Frames(Wanted wanted) {

    JsonObject login(@Nullable String resumeToken) {
        JsonObject login = new JsonObject().put("op", "login").put("userId", wanted.userId());
        if (wanted.token() != null) {
            login.put("token", wanted.token());
        }
        return resumeToken == null ? login : login.put("resumeToken", resumeToken);
    }

    JsonObject acquire() {
        JsonObject request = onLock("acquireLock").put("retry", wanted.queue()).put("create", wanted.create());
        return wanted.ttlSeconds() > 0 ? request.put("ttl", wanted.ttlSeconds()) : request;
    }

    JsonObject release(Grant grant) {
        return onLock("releaseLock").put("fencingToken", grant.fencingToken());
    }

    JsonObject look() {
        JsonObject look = onLock("getLock");
        look.remove("lockName");
        return look;
    }

    static JsonObject logout() {
        return new JsonObject().put("op", "logout");
    }

    static JsonObject heartbeat(long n) {
        return new JsonObject().put("op", "heartbeat").put("n", n);
    }

    private JsonObject onLock(String op) {
        return new JsonObject()
                .put("op", op)
                .put("channelType", wanted.channelType())
                .put("channel", wanted.channel())
                .put("lockName", wanted.lockName());
    }

    /** Whether the lock of this grant is among them. */
    boolean isAmong(JsonArray locks, Grant grant, boolean onlineOnly) {
        return locks.stream()
                .map(JsonObject.class::cast)
                .anyMatch(lock -> lock.getLong("fencingToken") == grant.fencingToken()
                        && lock.getString("lockName").equals(wanted.lockName())
                        && (!onlineOnly || lock.getBoolean("ownerOnline")));
    }
}
