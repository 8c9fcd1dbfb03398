// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Acquire and release of locks that nobody else wants: each client has {@code inflight} of its own and goes round on all at once. */
record PairsWindow(int clients, int inflight, Duration time) implements Window {

    @Override
    public Figures run(Peer peer) throws InterruptedException, TimeoutException {
        List<PeerLock> locks = new ArrayList<>();
        for (int user = 0; user < clients; user++) {
            for (int slot = 0; slot < inflight; slot++) {
                locks.add(peer.lock(user, "pair-" + user + "-" + slot));
            }
        }
        Tally tally = new Tally(peer.servers());
        CountDownLatch ended = new CountDownLatch(locks.size());
        long end = System.nanoTime() + time.toNanos();
        locks.forEach(lock -> lock.atHome(() -> new Loop(lock, tally, ended, end).next()));
        if (!ended.await(time.toMillis() + HANG_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new TimeoutException(ended.getCount() + " requests without an answer");
        }
        return tally.figures();
    }

    private record Loop(PeerLock lock, Tally tally, CountDownLatch ended, long end) {
        void next() {
            if (System.nanoTime() - end >= 0) {
                ended.countDown();
                return;
            }
            long called = System.nanoTime();
            lock.acquire().whenComplete((granted, failure) -> {
                tally.latency(System.nanoTime() - called);
                if (failure == null) {
                    lock.release().whenComplete(this::released);
                } else {
                    failed(failure);
                }
            });
        }

        private void released(Object answer, Throwable failure) {
            if (failure == null) {
                tally.operation();
                next();
            } else {
                failed(failure);
            }
        }

        private void failed(Throwable failure) {
            tally.error(failure);
            ended.countDown();
        }
    }
}
