// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.Command;
import io.rtmlocks.shard.Delivery;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session's view of a channel: a snapshot, then every event after it, in order and once; or a new snapshot.
 *
 * <pre>
 * state    | input                            | next state | what the client sees
 * ---------+----------------------------------+------------+----------------------
 * AWAITING | snapshot                         | CURRENT    | the snapshot
 * AWAITING | event                            | AWAITING   |
 * CURRENT  | the next event                   | CURRENT    | the event
 * CURRENT  | an event already contained       | CURRENT    |
 * CURRENT  | an event after a gap, while the  | STALE      |
 *          |   client does not keep up, or    |            |
 *          |   while it is not heard          |            |
 * STALE    | event                            | STALE      |
 * STALE    | a new snapshot was asked for:    | AWAITING   |
 *          |   not while the session leaves   |            |
 * AWAITING | the session was away, is back    | STALE      |
 * any      | the way to the shard was broken  | STALE      |
 * </pre>
 */
final class Subscription {

    private enum State {
        AWAITING,
        CURRENT,
        STALE
    }

    /** What became of an event for this subscription. */
    enum Outcome {
        /** It was written. */
        WRITTEN,
        /** It is not for this client, or not now. */
        PASSED_OVER,
        /** From now on the client does not keep up. */
        FELL_BEHIND,
        /** The client needs a new snapshot, and can take it. */
        RENEW
    }

    /** In the place of all requests by which the session may have left; no client asks by this id. */
    private static final long UNKNOWN = 0;

    final Session session;
    final Command.Subscribe request;
    private State state = State.AWAITING;

    /** The requests by which its session leaves, until they are answered. A new snapshot would undo them. */
    private final Set<Long> leavingBy = new HashSet<>();

    /** What the session saw before, and sees again if this is refused; null once it is not. */
    @Nullable
    Subscription before;

    private long seq;

    Subscription(Session session, Command.Subscribe request) {
        this.session = session;
        this.request = request;
    }

    /** Whether this snapshot was asked for by this subscription, or renews it. */
    boolean asked(Delivery.Snapshot snapshot) {
        return snapshot.requestId() == request.caller().requestId() || snapshot.requestId() == 0;
    }

    void onSnapshot(Delivery.Snapshot snapshot) {
        seq = snapshot.seq();
        state = State.CURRENT;
        for (String frame : snapshot.frames()) {
            if (session.subscriptions.get(request.channel()) == this) {
                session.send(frame);
            }
        }
    }

    /** @param frame that of the event */
    Outcome onEvent(Delivery.Event event, TextFrame frame) {
        if (state != State.CURRENT || !wants(event.stream())) {
            return Outcome.PASSED_OVER;
        }
        boolean isNumbered = event.stream() == Delivery.Stream.LOCK;
        if (isNumbered && event.seq() <= seq) {
            return Outcome.PASSED_OVER;
        }
        boolean isGap = isNumbered && event.seq() != seq + 1;
        boolean cannotFollow = !session.online || (session.socket != null && session.socket.isSlow());
        if (isGap || cannotFollow) {
            state = State.STALE;
            return cannotFollow ? Outcome.FELL_BEHIND : Outcome.RENEW;
        }
        seq = isNumbered ? event.seq() : seq;
        session.send(frame);
        return Outcome.WRITTEN;
    }

    /** A snapshot asked for while the session was away may never come. */
    void onHeardAgain() {
        state = state == State.AWAITING ? State.STALE : state;
    }

    /** Events may have been lost on their way here. */
    void onLost() {
        state = State.STALE;
    }

    void leaving(long requestId) {
        leavingBy.add(requestId);
    }

    /** @return whether its session was leaving by this request, which is answered */
    boolean left(long requestId) {
        return leavingBy.remove(requestId);
    }

    /** Its session may have left by this request, or not: nobody will know. */
    void mayHaveLeft(long requestId) {
        if (leavingBy.remove(requestId)) {
            leavingBy.add(UNKNOWN);
        }
    }

    /** @return whether a new snapshot is to be asked for */
    boolean renew() {
        boolean isStale = state == State.STALE && leavingBy.isEmpty();
        state = isStale ? State.AWAITING : state;
        return isStale;
    }

    private boolean wants(Delivery.Stream stream) {
        return switch (stream) {
            case LOCK -> request.withLock();
            case STORAGE -> request.withStorage();
            case QUEUE -> request.withQueue();
        };
    }
}
