// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one session was answered, by request id, so that a request sent again has its effect once (PROTOCOL.md §4, rule 6).
 *
 * <p>Bounded twice: by age, and by weight, where the oldest answers are forgotten first.
 */
final class Answers {

    private final Map<Long, Remembered> byRequest = new LinkedHashMap<>();
    private int weight;

    void remember(Remembered answer, long nowMillis, Limits limits) {
        byRequest.put(answer.requestId, answer);
        weight += answer.reply.answer().weight();
        Iterator<Remembered> eldestFirst = byRequest.values().iterator();
        while (byRequest.size() > 1) {
            Remembered eldest = eldestFirst.next();
            boolean mayGo = eldest.givenMillis + limits.answerKeptMillis() < nowMillis;
            if (!mayGo && weight <= limits.answersPerSessionMax()) {
                return;
            }
            weight -= eldest.reply.answer().weight();
            eldestFirst.remove();
        }
    }

    @Nullable
    Remembered get(long requestId) {
        return byRequest.get(requestId);
    }

    List<Remembered> all() {
        return new ArrayList<>(byRequest.values());
    }

    void restore(List<Remembered> answers) {
        for (Remembered answer : answers) {
            byRequest.put(answer.requestId, answer);
            weight += answer.reply.answer().weight();
        }
    }

    /** The clock by which the ages of the answers count reads that much more from now on. */
    void shift(long millis) {
        byRequest.replaceAll((requestId, answer) -> answer.givenLater(millis));
    }

    /** One answer, with what it answered: a session that uses an id for something else is told so. */
    record Remembered(
            long requestId, Operation operation, ChannelKey channel, String lockName, long givenMillis, Reply reply) {

        Remembered givenLater(long millis) {
            return new Remembered(requestId, operation, channel, lockName, givenMillis + millis, reply);
        }

        boolean answers(Command.Request request) {
            return operation == request.operation()
                    && channel.equals(request.channel())
                    && lockName.equals(request.lockName());
        }
    }
}
