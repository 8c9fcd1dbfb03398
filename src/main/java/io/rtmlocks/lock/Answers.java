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

    private final Map<Long, Snapshot.Remembered> byRequest = new LinkedHashMap<>();
    private int weight;

    void remember(Snapshot.Remembered answer, long nowMillis, Limits limits) {
        byRequest.put(answer.requestId(), answer);
        weight += answer.reply().answer().weight();
        Iterator<Snapshot.Remembered> eldestFirst = byRequest.values().iterator();
        while (byRequest.size() > 1) {
            Snapshot.Remembered eldest = eldestFirst.next();
            boolean mayGo = eldest.givenMillis() + limits.answerKeptMillis() < nowMillis;
            if (!mayGo && weight <= limits.answersPerSessionMax()) {
                return;
            }
            weight -= eldest.reply().answer().weight();
            eldestFirst.remove();
        }
    }

    Snapshot.@Nullable Remembered get(long requestId) {
        return byRequest.get(requestId);
    }

    List<Snapshot.Remembered> all() {
        return new ArrayList<>(byRequest.values());
    }

    void restore(List<Snapshot.Remembered> answers) {
        for (Snapshot.Remembered answer : answers) {
            byRequest.put(answer.requestId(), answer);
            weight += answer.reply().answer().weight();
        }
    }

    /** The clock by which the ages of the answers count reads that much more from now on. */
    void shift(long millis) {
        byRequest.replaceAll((requestId, answer) -> answer.givenLater(millis));
    }
}
