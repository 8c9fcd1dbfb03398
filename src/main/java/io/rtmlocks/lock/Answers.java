// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one session was answered, by request id, so that a request sent again has its effect once (PROTOCOL.md §4, rule 6).
 *
 * <p>Bounded twice: by age, and by weight, where the oldest answers are forgotten first.
 *
 * <p>{@link #rowsById} finds the row of an id: a hash table with open addressing and linear probing, at most half full, which has 0
 * where there is none and else the row's number plus 1.
 */
final class Answers {

    private static final int ROWS_MIN = 8;
    private static final int ID_PLACES_PER_ROW = 2;
    private static final int SHRINK_BELOW = 4;

    /** The golden ratio, which spreads numbers that follow each other. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final String userId;
    private AnswerRows rows;
    private int[] rowsById = {};
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
        rowsById[placeOf(requestId)] = row + 1;
        highestId = Math.max(highestId, requestId);
        weight += reply.answer().weight();
    }

    private void forgetOldest() {
        weight -= rows.oldestWeight();
        free(placeOf(rows.requestId(rows.oldest())));
        rows.dropOldest();
        if (rows.size() < rows.rows() / SHRINK_BELOW && rows.rows() > ROWS_MIN) {
            resize(rows.rows() / 2);
        }
    }

    Snapshot.@Nullable Remembered get(long requestId) {
        if (requestId > highestId) {
            return null;
        }
        int row = rowsById[placeOf(requestId)];
        return row == 0 ? null : rows.inRow(row - 1);
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
        rowsById = new int[newRows * ID_PLACES_PER_ROW];
        weight = 0;
        restore(all);
    }

    /** @return where the id is, or would be */
    private int placeOf(long requestId) {
        int place = homeOf(requestId);
        while (rowsById[place] != 0 && idAt(place) != requestId) {
            place = after(place);
        }
        return place;
    }

    private long idAt(int place) {
        return rows.requestId(rowsById[place] - 1);
    }

    private int homeOf(long requestId) {
        return (int) ((requestId * SPREAD) >>> (Long.numberOfLeadingZeros(rowsById.length) + 1));
    }

    private int after(int place) {
        return (place + 1) & (rowsById.length - 1);
    }

    /** Empties a place, and moves up those after it that had found their own taken. */
    private void free(int place) {
        int empty = place;
        for (int each = after(place); rowsById[each] != 0; each = after(each)) {
            if (distance(homeOf(idAt(each)), each) >= distance(empty, each)) {
                rowsById[empty] = rowsById[each];
                empty = each;
            }
        }
        rowsById[empty] = 0;
    }

    private int distance(int from, int to) {
        return (to - from) & (rowsById.length - 1);
    }
}
