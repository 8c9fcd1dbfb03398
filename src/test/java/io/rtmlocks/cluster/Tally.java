// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.history.Answer;
import io.rtmlocks.history.History;
import io.rtmlocks.history.Op;
import io.rtmlocks.history.Op.Kind;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What a load has done so far, shared by its clients. */
final class Tally {

    private static final Set<Integer> CANNOT_DECIDE = Set.of(-14009, -12019);

    final History history = new History();

    /** What no fault explains. */
    final Queue<String> broken = new ConcurrentLinkedQueue<>();

    final AtomicInteger rounds = new AtomicInteger();
    final AtomicInteger locksLost = new AtomicInteger();

    /** Answers that nothing happened, because nothing could be decided. */
    final AtomicInteger definiteErrors = new AtomicInteger();

    final Map<String, AtomicInteger> added = new ConcurrentHashMap<>();
    volatile boolean ends;

    /** Notes what came of one request for one lock. */
    LoadClient.Note of(LoadClient client, Kind kind, String channel, String lock, long token) {
        return (from, to, reply) -> {
            count(reply);
            history.add(new Op(client.user, channel + "/" + lock, kind, token, from, to, answer(kind, reply)));
        };
    }

    /** Notes what {@code getLock} says of these locks. */
    LoadClient.Note read(LoadClient client, String channel, List<String> locks) {
        return (from, to, reply) -> {
            count(reply);
            if (reply == null || reply.getInteger("errorCode") != 0) {
                return;
            }
            Map<String, Answer> seen = new HashMap<>();
            reply.getJsonArray("locks").forEach(each -> {
                JsonObject lock = (JsonObject) each;
                seen.put(
                        lock.getString("lockName"), Answer.seen(lock.getString("owner"), lock.getLong("fencingToken")));
            });
            for (String lock : locks) {
                Answer answer = seen.getOrDefault(lock, Answer.seenMissing());
                history.add(new Op(client.user, channel + "/" + lock, Kind.READ, 0, from, to, answer));
            }
        };
    }

    LoadClient.Note nothing() {
        return (from, to, reply) -> count(reply);
    }

    private void count(@Nullable JsonObject reply) {
        if (reply != null && CANNOT_DECIDE.contains(reply.getInteger("errorCode"))) {
            definiteErrors.incrementAndGet();
        }
    }

    private static Answer answer(Kind kind, @Nullable JsonObject reply) {
        if (reply == null) {
            return Answer.NONE;
        }
        int code = reply.getInteger("errorCode");
        if (code != 0) {
            return Answer.of(code);
        }
        return switch (kind) {
            case ACQUIRE, CREATE_AND_ACQUIRE -> Answer.granted(reply.getLong("fencingToken"));
            case REVOKE -> Answer.seen(reply.getString("owner"), 0);
            default -> Answer.of(0);
        };
    }
}
