// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one session was answered, by request id, so that a request sent again has its effect once (PROTOCOL.md §4, rule 6).
 *
 * <p>Bounded twice: by age, and by weight, where the oldest answers are forgotten first.
 *
 * <p>Clients count their requests, so ids nearly always ascend with the age of the answers, and are found by that. Only when one has
 * come below an earlier one is there a table of them.
 */
final class Answers {

    private static final int ROWS_MIN = 8;
    private static final int SHRINK_BELOW = 4;

    private final String userId;
    private AnswerRows rows;
    private @Nullable Map<Long, Integer> rowsById;
    private long highestId = Long.MIN_VALUE;
    private int weight;

    /** @param userId whose session it is */
    Answers(String userId) {
        this.userId = userId;
        this.rows = new AnswerRows(userId, 0);
    }

    /**
     * @param requestId under which nothing is remembered
     * @param lockName that the request named
     */
    void remember(long requestId, Operation operation, String lockName, long nowMillis, Reply reply, Limits limits) {
        add(requestId, operation, lockName, nowMillis, reply);
        while (rows.size() > 1 && mayGo(nowMillis, limits)) {
            forgetOldest();
        }
    }

    private boolean mayGo(long nowMillis, Limits limits) {
        return weight > limits.answersPerSessionMax()
                || rows.oldestGivenMillis() + limits.answerKeptMillis() < nowMillis;
    }

    private void add(long requestId, Operation operation, String lockName, long givenMillis, Reply reply) {
        if (rows.size() == rows.rows()) {
            resize(Math.max(ROWS_MIN, 2 * rows.rows()));
        }
        int row = rows.append(requestId, operation, lockName, givenMillis, reply);
        if (rowsById != null) {
            rowsById.put(requestId, row);
        } else if (requestId < highestId) {
            rowsById = rows.byId();
        }
        highestId = Math.max(highestId, requestId);
        weight += reply.answer().weight();
    }

    private void forgetOldest() {
        weight -= rows.oldestWeight();
        if (rowsById != null) {
            rowsById.remove(rows.oldestId());
        }
        rows.dropOldest();
        if (rows.size() < rows.rows() / SHRINK_BELOW && rows.rows() > ROWS_MIN) {
            resize(rows.rows() / 2);
        }
    }

    Snapshot.@Nullable Remembered get(long requestId) {
        if (requestId > highestId) {
            return null;
        }
        Integer row = rowsById == null ? rows.find(requestId) : rowsById.get(requestId);
        return row == null ? null : rows.inRow(row);
    }

    /** @return the highest id under which something is remembered, 0 for none */
    long highestRememberedId() {
        if (rows.size() == 0) {
            return 0;
        }
        return rowsById == null ? rows.newestId() : Collections.max(rowsById.keySet());
    }

    /** @return all of now, the oldest first; made when they are looked at */
    List<Snapshot.Remembered> all() {
        return rows.frozen();
    }

    void restore(List<Snapshot.Remembered> remembered) {
        for (Snapshot.Remembered each : remembered) {
            add(each.requestId(), each.operation(), each.lockName(), each.givenMillis(), each.reply());
        }
    }

    /** The clock by which the ages of the answers count reads that much more from now on. */
    void shift(long millis) {
        rows.shift(millis);
    }

    /** @param newRows a power of 2, enough for all that there are */
    private void resize(int newRows) {
        AnswerRows all = rows;
        rows = new AnswerRows(userId, newRows);
        rowsById = null;
        highestId = Long.MIN_VALUE;
        weight = 0;
        restore(all);
    }
}
