// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One lock goes round. The holder keeps it for a moment, so that all others really wait; the latency is from its call of release until the
 * next holder knows. Who had the lock asks again once the next one has it. Two holders at once are an error, and the end.
 */
record HandOffWindow(int waiters, int holdMillis, Duration time) implements Window {

    @Override
    public Figures run(Peer peer) throws InterruptedException, TimeoutException {
        List<PeerLock> users = new ArrayList<>();
        for (int user = 0; user <= waiters; user++) {
            users.add(peer.lock(user, "handed-round"));
        }
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try {
            Round round = new Round(timer, new Tally(peer.servers()));
            users.forEach(round::ask);
            return round.await();
        } finally {
            timer.shutdownNow();
        }
    }

    private final class Round {
        private final ScheduledExecutorService timer;
        private final Tally tally;
        private final long end = System.nanoTime() + time.toNanos();
        private final AtomicInteger holders = new AtomicInteger();
        private final AtomicInteger busy = new AtomicInteger();
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile PeerLock former;
        private volatile long releasedAt;

        Round(ScheduledExecutorService timer, Tally tally) {
            this.timer = timer;
            this.tally = tally;
        }

        void ask(PeerLock user) {
            busy.incrementAndGet();
            user.atHome(() -> user.acquire().whenComplete((granted, failure) -> {
                if (failure == null) {
                    granted(user, System.nanoTime());
                } else {
                    failed(failure);
                }
            }));
        }

        private void granted(PeerLock user, long now) {
            if (holders.incrementAndGet() != 1) {
                tally.error(new IllegalStateException("two holders at once"));
                ended.countDown();
                return;
            }
            PeerLock previous = former;
            former = user;
            if (previous != null) {
                tally.latency(now - releasedAt);
                tally.operation();
                if (now - end < 0) {
                    ask(previous);
                }
            }
            timer.schedule(() -> user.atHome(() -> release(user)), holdMillis, TimeUnit.MILLISECONDS);
        }

        private void release(PeerLock user) {
            holders.decrementAndGet();
            releasedAt = System.nanoTime();
            user.release().whenComplete((released, failure) -> {
                if (failure == null) {
                    left();
                } else {
                    failed(failure);
                }
            });
        }

        private void failed(Throwable failure) {
            tally.error(failure);
            left();
        }

        private void left() {
            if (busy.decrementAndGet() == 0) {
                ended.countDown();
            }
        }

        Figures await() throws InterruptedException, TimeoutException {
            if (!ended.await(time.toMillis() + HANG_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new TimeoutException(busy.get() + " users without an answer");
            }
            return tally.figures();
        }
    }
}
