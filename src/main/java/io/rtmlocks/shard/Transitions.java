// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.LockEvent;
import io.rtmlocks.lock.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The latest transitions of one lock, bounded in number.
 *
 * <p>Each is soon replaced by another: objects for them would keep the collector busy. So they are rows of arrays that are used
 * round and round, from the oldest on.
 */
final class Transitions {

    private static final int ROWS_MIN = 2;
    private static final int NUMBERS_IN_A_ROW = 4;
    private static final int WORDS_IN_A_ROW = 5;

    private final Snapshot.LockRef lock;
    private final int rowsMax;
    private long[] numbers = {};
    private @Nullable Object[] words = {};
    private int rows;
    private int oldest;
    private int size;

    /** When the history last put the lock at the end of its order, counted in transitions. */
    long placedAt;

    /** @param rowsMax how many are kept */
    Transitions(Snapshot.LockRef lock, int rowsMax, long placedAt) {
        this.lock = lock;
        this.rowsMax = rowsMax;
        this.placedAt = placedAt;
    }

    int size() {
        return size;
    }

    /** Keeps this one, and forgets the oldest if there is one too many. */
    void add(LockEvent event) {
        if (size == rows && rows < rowsMax) {
            resize(Math.min(rowsMax, Math.max(ROWS_MIN, 2 * rows)));
        }
        write((oldest + size) % rows, event);
        if (size < rows) {
            size++;
        } else {
            oldest = (oldest + 1) % rows;
        }
    }

    private void resize(int newRows) {
        List<LockEvent> all = all();
        rows = newRows;
        numbers = new long[rows * NUMBERS_IN_A_ROW];
        words = new Object[rows * WORDS_IN_A_ROW];
        oldest = 0;
        size = 0;
        all.forEach(this::add);
    }

    /** Oldest first. */
    List<LockEvent> all() {
        List<LockEvent> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            all.add(read((oldest + i) % rows));
        }
        return all;
    }

    private void write(int row, LockEvent event) {
        int number = row * NUMBERS_IN_A_ROW;
        numbers[number++] = event.ttlSeconds();
        numbers[number++] = event.fencingToken();
        numbers[number++] = event.seq();
        numbers[number] = event.utcMillis();
        int word = row * WORDS_IN_A_ROW;
        put(word++, event.type());
        put(word++, event.owner());
        put(word++, event.publisher());
        put(word++, event.previousOwner());
        put(word, event.cause());
    }

    /** Each write of a reference costs the collector a look, and often the very same is there already. */
    private void put(int place, @Nullable Object word) {
        if (words[place] != word) {
            words[place] = word;
        }
    }

    private LockEvent read(int row) {
        int number = row * NUMBERS_IN_A_ROW;
        int word = row * WORDS_IN_A_ROW;
        return new LockEvent(
                (LockEvent.Type) words[word++],
                lock.channel(),
                lock.lockName(),
                (String) words[word++],
                (int) numbers[number++],
                numbers[number++],
                (String) words[word++],
                (String) words[word++],
                (LockEvent.Cause) words[word],
                numbers[number++],
                numbers[number]);
    }
}
