// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The waiters of one lock, the longest waiting first. A waiter that is offline keeps its place. */
final class WaitQueue implements Iterable<Waiter> {

    private final Set<Waiter> waiters = new LinkedHashSet<>();

    void add(Waiter waiter) {
        waiters.add(waiter);
    }

    void remove(Waiter waiter) {
        waiters.remove(waiter);
    }

    int size() {
        return waiters.size();
    }

    boolean isEmpty() {
        return waiters.isEmpty();
    }

    @Nullable
    Waiter firstOnline() {
        for (Waiter waiter : waiters) {
            if (waiter.session.online) {
                return waiter;
            }
        }
        return null;
    }

    /** @return 1 for the first */
    int positionOf(Waiter waiter) {
        int position = 1;
        for (Waiter other : waiters) {
            if (other == waiter) {
                return position;
            }
            position++;
        }
        throw new IllegalArgumentException("not in this queue");
    }

    List<LockView.WaiterView> view(int most) {
        List<LockView.WaiterView> shown = new ArrayList<>();
        for (Waiter waiter : waiters) {
            if (shown.size() == most) {
                break;
            }
            shown.add(waiter.view());
        }
        return shown;
    }

    /** @return a copy, for loops in which waiters leave */
    List<Waiter> all() {
        return new ArrayList<>(waiters);
    }

    @Override
    public Iterator<Waiter> iterator() {
        return waiters.iterator();
    }
}
