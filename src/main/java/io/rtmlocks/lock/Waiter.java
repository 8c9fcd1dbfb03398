// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import org.jspecify.annotations.Nullable;

/** A session's place in the queue of a lock. */
final class Waiter {

    final Session session;
    final Lock lock;
    final long requestId;
    final long sinceUtcMillis;
    long sinceMillis;
    boolean withPosition;

    /** When its patience ends; null when it has no bound. */
    @Nullable
    Deadline timeout;

    /** When its place is given up; runs only while the session is offline. */
    @Nullable
    Deadline lapse;

    Waiter(Session session, Lock lock, long requestId, Moment since, boolean withPosition) {
        this.session = session;
        this.lock = lock;
        this.requestId = requestId;
        this.sinceUtcMillis = since.utcMillis();
        this.sinceMillis = since.monotonicMillis();
        this.withPosition = withPosition;
    }

    /** Whether this is the request it waits for, sent again; asked of a request with the same id. */
    boolean isSentAgainBy(Command.Request request) {
        return request.operation() == Operation.ACQUIRE_LOCK
                && request.channel().equals(lock.channelKey())
                && request.lockName().equals(lock.name());
    }

    LockView.WaiterView view() {
        return new LockView.WaiterView(session.userId, sinceUtcMillis, session.online);
    }
}
