// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Remembered answers of one session, the oldest first: a list of which rows of arrays, used round and round, are all that is kept.
 *
 * <p>There are very many answers, and each is soon replaced by another: objects for them would keep the collector busy. So grants and
 * releases, which nearly all of them are, are kept as their fields; others are objects.
 */
final class AnswerRows extends AbstractList<Snapshot.Remembered> {

    /** The places of the numbers in a row; the last three are of a grant. */
    private static final int REQUEST_ID = 0;

    private static final int GIVEN_MILLIS = 1;
    private static final int UTC_MILLIS = 2;
    private static final int TTL_SECONDS = 3;
    private static final int FENCING_TOKEN = 4;
    private static final int WAITED_MILLIS = 5;
    private static final int NUMBERS_IN_A_ROW = 6;

    /** The places of the words in a row; the last is an answer, or stands for one. */
    private static final int OPERATION = 0;

    private static final int CHANNEL = 1;
    private static final int LOCK_NAME = 2;
    private static final int ANSWER = 3;
    private static final int WORDS_IN_A_ROW = 4;

    /** Answers of which a row has the fields. */
    private enum Plain {
        GRANTED,
        RELEASED
    }

    private final String userId;
    private final long[] numbers;
    private final Object[] words;
    private final int rows;
    private int oldest;
    private int size;

    /**
     * @param userId whose session it is: what it is granted, it owns
     * @param rows a power of 2: how many answers there can be
     */
    AnswerRows(String userId, int rows) {
        this.userId = userId;
        this.rows = rows;
        this.numbers = new long[rows * NUMBERS_IN_A_ROW];
        this.words = new Object[rows * WORDS_IN_A_ROW];
    }

    private AnswerRows(AnswerRows other) {
        userId = other.userId;
        rows = other.rows;
        numbers = other.numbers.clone();
        words = other.words.clone();
        oldest = other.oldest;
        size = other.size;
    }

    /** @return as it is now, for good */
    List<Snapshot.Remembered> frozen() {
        return new AnswerRows(this);
    }

    int rows() {
        return rows;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Snapshot.Remembered get(int age) {
        if (age < 0 || age >= size) {
            throw new IndexOutOfBoundsException(age);
        }
        return inRow(row(age));
    }

    /** @return the row of this request, null when there is none; for ids that ascend from the oldest on */
    @Nullable
    Integer find(long requestId) {
        int from = 0;
        int to = size;
        while (from < to) {
            int middle = (from + to) >>> 1;
            long id = number(row(middle), REQUEST_ID);
            if (id == requestId) {
                return row(middle);
            } else if (id < requestId) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return null;
    }

    /** @return the row of each request */
    Map<Long, Integer> byId() {
        Map<Long, Integer> byId = new HashMap<>();
        for (int age = 0; age < size; age++) {
            byId.put(number(row(age), REQUEST_ID), row(age));
        }
        return byId;
    }

    /** @return what is in a row that is in use */
    Snapshot.Remembered inRow(int row) {
        return new Snapshot.Remembered(
                number(row, REQUEST_ID),
                (Operation) word(row, OPERATION),
                (String) word(row, LOCK_NAME),
                number(row, GIVEN_MILLIS),
                new Reply(number(row, UTC_MILLIS), answer(row)));
    }

    private Answer answer(int row) {
        if (word(row, ANSWER) instanceof Answer answer) {
            return answer;
        }
        ChannelKey channel = (ChannelKey) word(row, CHANNEL);
        String lockName = (String) word(row, LOCK_NAME);
        return word(row, ANSWER) == Plain.RELEASED
                ? new Answer.Released(channel, lockName)
                : new Answer.Granted(
                        channel,
                        lockName,
                        userId,
                        (int) number(row, TTL_SECONDS),
                        number(row, FENCING_TOKEN),
                        number(row, WAITED_MILLIS));
    }

    long newestId() {
        return number(row(size - 1), REQUEST_ID);
    }

    long oldestId() {
        return number(oldest, REQUEST_ID);
    }

    long oldestGivenMillis() {
        return number(oldest, GIVEN_MILLIS);
    }

    int oldestWeight() {
        return word(oldest, ANSWER) instanceof Answer answer ? answer.weight() : 1;
    }

    void dropOldest() {
        oldest = row(1);
        size--;
    }

    /**
     * Puts the newest, for which there must be room.
     *
     * @return its row
     */
    int append(long requestId, Operation operation, String lockName, long givenMillis, Reply reply) {
        Answer answer = reply.answer();
        int row = row(size++);
        int number = row * NUMBERS_IN_A_ROW;
        numbers[number + REQUEST_ID] = requestId;
        numbers[number + GIVEN_MILLIS] = givenMillis;
        numbers[number + UTC_MILLIS] = reply.utcMillis();
        int word = row * WORDS_IN_A_ROW;
        put(word + OPERATION, operation);
        put(word + CHANNEL, answer.channel());
        put(word + LOCK_NAME, answer.lockName().isEmpty() ? lockName : answer.lockName());
        if (answer instanceof Answer.Granted granted && granted.owner().equals(userId)) {
            numbers[number + TTL_SECONDS] = granted.ttlSeconds();
            numbers[number + FENCING_TOKEN] = granted.fencingToken();
            numbers[number + WAITED_MILLIS] = granted.waitedMillis();
            put(word + ANSWER, Plain.GRANTED);
        } else {
            put(word + ANSWER, answer instanceof Answer.Released ? Plain.RELEASED : answer);
        }
        return row;
    }

    /** Each write of a reference costs the collector a look, and mostly the very same is there already. */
    private void put(int place, Object word) {
        if (words[place] != word) {
            words[place] = word;
        }
    }

    /** The clock by which the ages of the answers count reads that much more from now on. */
    void shift(long millis) {
        for (int row = 0; row < rows; row++) {
            numbers[row * NUMBERS_IN_A_ROW + GIVEN_MILLIS] += millis;
        }
    }

    private int row(int age) {
        return (oldest + age) & (rows - 1);
    }

    private long number(int row, int place) {
        return numbers[row * NUMBERS_IN_A_ROW + place];
    }

    private Object word(int row, int place) {
        return words[row * WORDS_IN_A_ROW + place];
    }
}
