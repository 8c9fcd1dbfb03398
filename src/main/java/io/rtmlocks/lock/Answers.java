// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one session was answered, by request id, so that a request sent again has its effect once (PROTOCOL.md §4, rule 6).
 *
 * <p>Bounded twice: by age, and by weight, where the oldest answers are forgotten first.
 *
 * <p>There are very many of them, and each is soon replaced by another: objects for them would keep the collector busy. So they are
 * rows of arrays that are used round and round, from the oldest on, and {@link #rowsById} finds the row of an id: a hash table with
 * open addressing and linear probing, at most half full, which has 0 where there is none and else the row's number plus 1.
 */
final class Answers {

    private static final int ROWS_MIN = 8;
    private static final int ID_PLACES_PER_ROW = 2;
    private static final int SHRINK_BELOW = 4;

    /** The golden ratio, which spreads numbers that follow each other. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private long[] requestIds = {};
    private long[] givenMillis = {};
    private long[] utcMillis = {};
    private Operation[] operations = {};
    private String[] lockNames = {};
    private Answer[] answers = {};
    private int[] rowsById = {};
    private long highestId = Long.MIN_VALUE;
    private int oldest;
    private int size;
    private int weight;

    /**
     * @param requestId under which nothing is remembered
     * @param lockName that the request named
     */
    void remember(long requestId, Operation operation, String lockName, long nowMillis, Reply reply, Limits limits) {
        add(requestId, operation, lockName, nowMillis, reply);
        while (size > 1 && mayGo(nowMillis, limits)) {
            forgetOldest();
        }
    }

    private boolean mayGo(long nowMillis, Limits limits) {
        return weight > limits.answersPerSessionMax() || givenMillis[oldest] + limits.answerKeptMillis() < nowMillis;
    }

    /** The lock's name is kept when the answer does not have it. */
    private void add(long requestId, Operation operation, String lockName, long givenAtMillis, Reply reply) {
        if (size == requestIds.length) {
            resize(Math.max(ROWS_MIN, 2 * size));
        }
        Answer answer = reply.answer();
        int row = row(size);
        requestIds[row] = requestId;
        givenMillis[row] = givenAtMillis;
        utcMillis[row] = reply.utcMillis();
        operations[row] = operation;
        lockNames[row] = answer.lockName().isEmpty() ? lockName : null;
        answers[row] = answer;
        rowsById[placeOf(requestId)] = row + 1;
        highestId = Math.max(highestId, requestId);
        size++;
        weight += answer.weight();
    }

    private void forgetOldest() {
        weight -= answers[oldest].weight();
        free(placeOf(requestIds[oldest]));
        oldest = row(1);
        size--;
        if (size < requestIds.length / SHRINK_BELOW && requestIds.length > ROWS_MIN) {
            resize(requestIds.length / 2);
        }
    }

    Snapshot.@Nullable Remembered get(long requestId) {
        if (requestId > highestId) {
            return null;
        }
        int row = rowsById[placeOf(requestId)];
        return row == 0 ? null : remembered(row - 1);
    }

    private Snapshot.Remembered remembered(int row) {
        return new Snapshot.Remembered(
                requestIds[row],
                operations[row],
                lockNames[row] == null ? answers[row].lockName() : lockNames[row],
                givenMillis[row],
                new Reply(utcMillis[row], answers[row]));
    }

    List<Snapshot.Remembered> all() {
        List<Snapshot.Remembered> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            all.add(remembered(row(i)));
        }
        return all;
    }

    void restore(List<Snapshot.Remembered> remembered) {
        for (Snapshot.Remembered each : remembered) {
            add(each.requestId(), each.operation(), each.lockName(), each.givenMillis(), each.reply());
        }
    }

    /** The clock by which the ages of the answers count reads that much more from now on. */
    void shift(long millis) {
        for (int row = 0; row < givenMillis.length; row++) {
            givenMillis[row] += millis;
        }
    }

    /** @param age 0 for the oldest */
    private int row(int age) {
        return (oldest + age) & (requestIds.length - 1);
    }

    /** @param rows a power of 2, enough for all that there are */
    private void resize(int rows) {
        List<Snapshot.Remembered> all = all();
        requestIds = new long[rows];
        givenMillis = new long[rows];
        utcMillis = new long[rows];
        operations = new Operation[rows];
        lockNames = new String[rows];
        answers = new Answer[rows];
        rowsById = new int[rows * ID_PLACES_PER_ROW];
        oldest = 0;
        size = 0;
        weight = 0;
        restore(all);
    }

    /** @return where the id is, or would be */
    private int placeOf(long requestId) {
        int place = homeOf(requestId);
        while (rowsById[place] != 0 && requestIds[rowsById[place] - 1] != requestId) {
            place = after(place);
        }
        return place;
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
            int home = homeOf(requestIds[rowsById[each] - 1]);
            if (distance(home, each) >= distance(empty, each)) {
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
