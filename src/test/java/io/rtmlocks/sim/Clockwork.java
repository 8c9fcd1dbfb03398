// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Virtual time: what is planned happens in its order, and time passes from one thing to the next. */
public final class Clockwork {

    private final PriorityQueue<Planned> plan = new PriorityQueue<>();
    private long nowMillis;
    private long serial;
    private @Nullable Throwable first;

    private record Planned(long atMillis, long serial, Runnable task) implements Comparable<Planned> {
        @Override
        public int compareTo(Planned other) {
            int byTime = Long.compare(atMillis, other.atMillis);
            return byTime != 0 ? byTime : Long.compare(serial, other.serial);
        }
    }

    public long nowMillis() {
        return nowMillis;
    }

    public void after(long millis, Runnable task) {
        plan.add(new Planned(nowMillis + Math.max(0, millis), ++serial, task));
    }

    /** Ends the run after what happens now. */
    void fail(Throwable failure) {
        first = first == null ? failure : first;
    }

    private void checkFailure() {
        if (first instanceof Broken broken) {
            throw broken;
        }
        if (first != null) {
            throw new IllegalStateException(first);
        }
    }

    /** Does all that is planned until then. */
    public void runUntil(long millis) {
        while (!plan.isEmpty() && plan.peek().atMillis <= millis) {
            Planned next = plan.remove();
            nowMillis = next.atMillis;
            next.task.run();
            checkFailure();
        }
        nowMillis = millis;
    }
}
