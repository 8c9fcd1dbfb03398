// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/**
 * What becomes of every monotonic time in a table when another leader's clock takes over.
 *
 * <p>A moment of the new clock is never compared with one of the old. What counts down for somebody who is away starts again
 * in full. A time that was reached is as far from now as it was from the last command of the old leader: so a wait seems
 * shorter than it was, never longer, and an answer younger.
 */
final class ClockChange {

    private final LockTable table;
    private final Turn turn;
    private final long nowMillis;
    private final long shiftMillis;

    ClockChange(LockTable table, Turn turn) {
        this.table = table;
        this.turn = turn;
        this.nowMillis = turn.moment.monotonicMillis();
        this.shiftMillis = nowMillis - table.lastMillis;
    }

    void run() {
        for (Session session : table.sessions.all()) {
            session.answers.shift(shiftMillis);
            session.forgetting =
                    turn.deadlines.move(session.forgetting, nowMillis + table.limits.sessionRememberedMillis());
        }
        for (Channel channel : table.channels.values()) {
            channel.locks.values().forEach(this::changeLock);
        }
    }

    private void changeLock(Lock lock) {
        lock.expiry = turn.deadlines.move(lock.expiry, nowMillis + lock.ttlMillis());
        for (Waiter waiter : lock.queue) {
            waiter.sinceMillis += shiftMillis;
            waiter.lapse = turn.deadlines.move(waiter.lapse, nowMillis + lock.ttlMillis());
            if (waiter.timeout != null) {
                waiter.timeout = turn.deadlines.move(waiter.timeout, waiter.timeout.dueMillis() + shiftMillis);
            }
        }
    }
}
