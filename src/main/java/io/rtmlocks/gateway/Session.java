// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.shard.Delivery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session of this node: one client instance, which outlives its connections (PROTOCOL.md §2).
 *
 * <p>What it holds and waits for is known to the shards alone; here is how to reach it.
 */
final class Session {

    /** Epochs grow with each login on any node; between two logins, with each time that it comes online here. */
    private static final int EPOCH_BITS = 20;

    /** Far from all epochs between two logins. */
    private static final int EPOCH_SPREAD = (1 << 16) - 1;

    private static final int DOUBTFUL_MAX = 1_000;
    private static final int LOSSES_KNOWN_MAX = 64;

    /** A client that never answers a heartbeat must not fill our memory. */
    private static final int UNCONFIRMED_MAX = 100;

    final String id;
    final String userId;
    final RateLimit acquires;
    final RateLimit otherOps;

    /** The requests that have no answer yet. */
    final Map<Long, Pending> pending = new LinkedHashMap<>();

    /** Requests of which nobody knows whether they happened: to be asked again does not make them certain. */
    final Set<Long> doubtful = new LinkedHashSet<>();

    final Map<ChannelKey, Subscription> subscriptions = new HashMap<>();

    /** The shards that know the session. */
    final BitSet shards = new BitSet();

    /** Those of them that have said, in the present conversation with them, that it is online in its present epoch. */
    final BitSet vouching = new BitSet();

    /** Those that have given it a lock. */
    final BitSet granted = new BitSet();

    /** Frames for the session that came while it had no connection, or before the reply to its login. */
    private final List<String> undelivered = new ArrayList<>();

    private final List<String> undeliveredLosses = new ArrayList<>();

    /** The latest losses it was told of: a shard may tell them twice. */
    private final Set<String> lossesKnown = new LinkedHashSet<>();

    /** What was sent on this connection and must arrive, until the client shows that it has. */
    private final Deque<Unconfirmed> unconfirmed = new ArrayDeque<>();

    /** The shards whose word is awaited before the session is back, or gone. */
    final BitSet awaited = new BitSet();

    Access access;
    String resumeToken = "";
    String formerResumeToken = "";
    long epoch;

    /** How many logins it had, on all nodes. */
    long logins = 1;

    /** Ids up to this one may have been asked on an earlier connection, here or at another node, 0 for none: they need not ascend. */
    long askedBefore;

    boolean online = true;

    /** A shard has begun anew, without a lock that it had given the session. */
    boolean isForgotten;

    @Nullable
    Runnable whenSettled;

    @Nullable
    ClientSocket socket;

    /** How its last connection ended, if it has none. */
    ClientSocket.End end = ClientSocket.End.BROKEN;

    long timer = Timers.NONE;

    Session(String id, String userId, Access access, RateLimit acquires, RateLimit otherOps) {
        this.id = id;
        this.userId = userId;
        this.access = access;
        this.epoch = (logins << EPOCH_BITS) + 1;
        this.acquires = acquires;
        this.otherOps = otherOps;
    }

    /** A shard says whether it knew the session, and what it holds there. */
    void knownAs(Delivery.Resumed resumed) {
        isForgotten |= granted.get(resumed.shard()) && !resumed.wasKnown();
        if (!resumed.held().isEmpty()) {
            granted.set(resumed.shard());
        }
    }

    /** A login more: at this node, or at another one before. */
    void loggedInAgain(long number) {
        logins = number;
        epoch = Math.max(epoch, logins << EPOCH_BITS);
    }

    /** Two nodes may take a session over with the same token at once: by their epochs, all shards agree on which is the later. */
    void keepApart() {
        epoch += resumeToken.hashCode() & EPOCH_SPREAD;
    }

    /** Whether the session has gone on at another node with a later token, if it is known in this epoch. */
    boolean isOutdatedBy(long knownEpoch) {
        return knownEpoch >> EPOCH_BITS > logins;
    }

    /** A request went without an answer. */
    void doubt(long requestId) {
        if (doubtful.size() == DOUBTFUL_MAX) {
            doubtful.remove(doubtful.iterator().next());
        }
        doubtful.add(requestId);
    }

    /** A request has its answer. Null when nobody waits for that any more. */
    @Nullable
    Pending answered(Long requestId) {
        Pending request = pending.remove(requestId);
        if (request != null) {
            request.answered = true;
            doubtful.remove(requestId);
        }
        return request;
    }

    /** Whether the answer may come before all else that the shard says: what was asked before on the channel is answered, or waits. */
    boolean mayBeAnsweredNow(Long requestId) {
        Pending asked = pending.get(requestId);
        if (asked == null || asked.hearsMore()) {
            return false;
        }
        for (Pending each : pending.values()) {
            if (each == asked) {
                return true;
            }
            if (!each.waits() && each.request.channel().equals(asked.request.channel())) {
                return false;
            }
        }
        return false;
    }

    /** Whether its login, or its logout, waits for the shards. */
    boolean isUnsettled() {
        return whenSettled != null;
    }

    /** One of the shards that were awaited has spoken. */
    void settled(int shard) {
        awaited.clear(shard);
        Runnable action = whenSettled;
        if (awaited.isEmpty() && action != null) {
            whenSettled = null;
            action.run();
        }
    }

    /** Who has not spoken by now is not waited for. */
    void settleAnyway() {
        awaited.clear();
        settled(0);
    }

    /** Sends what the session must see, now or when it is back. */
    void send(String text) {
        if (socket == null || isUnsettled()) {
            undelivered.add(text);
        } else {
            socket.send(text);
        }
    }

    /** The same, of what many are sent. */
    void send(TextFrame frame) {
        if (socket == null || isUnsettled()) {
            undelivered.add(frame.text());
        } else {
            socket.send(frame);
        }
    }

    /** The same, before what other sessions are sent in this turn. */
    void sendFirst(String frame) {
        if (socket != null) {
            socket.goFirst();
        }
        send(frame);
    }

    /** Sends what came meanwhile: losses first, whichever shard was the faster. */
    void sendUndelivered() {
        List<String> losses = List.copyOf(undeliveredLosses);
        List<String> others = List.copyOf(undelivered);
        undeliveredLosses.clear();
        undelivered.clear();
        losses.forEach(this::sendLoss);
        others.forEach(this::send);
    }

    /** Sends word of a loss, which must arrive: again on the next connection, if this one ends before the client shows that it came. */
    void sendForSure(String frame) {
        if (lossesKnown.remove(frame)) {
            lossesKnown.add(frame);
            return;
        }
        if (lossesKnown.size() >= LOSSES_KNOWN_MAX) {
            lossesKnown.remove(lossesKnown.iterator().next());
        }
        lossesKnown.add(frame);
        sendLoss(frame);
    }

    /** The losses of which the client has shown that it knows. */
    List<String> heardLosses() {
        Set<String> heard = new LinkedHashSet<>(lossesKnown);
        unconfirmed.forEach(each -> heard.remove(each.frame));
        undeliveredLosses.forEach(heard::remove);
        return List.copyOf(heard);
    }

    /** The client heard of these losses at another node, whatever a shard says again. */
    void heard(List<String> losses) {
        lossesKnown.addAll(losses);
        undeliveredLosses.removeAll(losses);
    }

    private void sendLoss(String frame) {
        if (socket == null || isUnsettled()) {
            undeliveredLosses.add(frame);
        } else {
            if (unconfirmed.size() == UNCONFIRMED_MAX) {
                unconfirmed.removeFirst();
            }
            unconfirmed.add(new Unconfirmed(socket.heartbeats(), frame));
            socket.goFirst();
            socket.send(frame);
        }
    }

    /** The client answered this heartbeat: so all that was sent before it has come. */
    void confirmed(long heartbeat) {
        while (!unconfirmed.isEmpty() && unconfirmed.getFirst().afterHeartbeat < heartbeat) {
            unconfirmed.removeFirst();
        }
    }

    /** The connection is over: what may not have come is sent first on the next. */
    void connectionLost() {
        while (!unconfirmed.isEmpty()) {
            undeliveredLosses.add(0, unconfirmed.removeLast().frame);
        }
    }

    private record Unconfirmed(long afterHeartbeat, String frame) {}

    /** A request under way. */
    static final class Pending {
        private static final long NEVER = -1;

        final Command.Request request;
        final long askedNanos;
        boolean answered;

        /** The session may not wait for this any more: its end is a refusal. */
        boolean withdrawn;

        private boolean mayHaveHappened;
        private long stream = NEVER;
        private long number;

        /**
         * @param mayHaveHappened because it was asked before
         * @param askedNanos when its frame came
         */
        Pending(Command.Request request, boolean mayHaveHappened, long askedNanos) {
            this.request = request;
            this.askedNanos = askedNanos;
            this.mayHaveHappened = mayHaveHappened;
        }

        /** It is in this message of this stream. */
        void sent(long toStream, long asNumber) {
            mayHaveHappened |= stream != NEVER;
            stream = toStream;
            number = asNumber;
        }

        /** This message of the stream, and what came after it, was not taken. */
        void refused(long ofStream, long fromNumber) {
            if (stream == ofStream && number >= fromNumber) {
                stream = NEVER;
            }
        }

        /** Whether no shard has ever taken it. */
        boolean surelyDidNotHappen() {
            return !mayHaveHappened && stream == NEVER;
        }

        /** Whether it may take as long as it takes: it is answered also after the connection has ended. */
        boolean waits() {
            return request instanceof Command.AcquireLock acquire && acquire.retry();
        }

        /** Whether the shard says more of it than the answer: the channel as it is or was up to then, or places in the queue. */
        boolean hearsMore() {
            return switch (request.operation()) {
                case SUBSCRIBE, UNSUBSCRIBE -> true;
                default -> request instanceof Command.AcquireLock acquire && acquire.withPosition();
            };
        }

        boolean isSameAs(Command.Request other) {
            return request.operation() == other.operation()
                    && request.channel().equals(other.channel())
                    && request.lockName().equals(other.lockName());
        }
    }
}
