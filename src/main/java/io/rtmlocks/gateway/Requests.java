// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Metadata;
import io.rtmlocks.lock.Operation;
import io.rtmlocks.lock.Rejection;
import io.rtmlocks.lock.Reply;
import io.rtmlocks.shard.Rights;
import io.rtmlocks.telemetry.Limit;
import io.rtmlocks.wire.BadFrameException;
import io.rtmlocks.wire.ErrorCode;
import io.rtmlocks.wire.Frame;
import io.rtmlocks.wire.FrameWriter;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a frame: answered here, refused, or sent to the shard of its channel.
 *
 * <p>Checks come in the order of PROTOCOL.md §4: login, shape, rate, names, other parameters, right. What remains, whether
 * the lock exists and whose it is, only the shard can tell; but a write that no storage could take does not come so far.
 */
final class Requests {

    private final Login login;
    private final Audience audience;
    private final ShardSender shards;
    private final Timers timers;
    private final GatewaySettings settings;
    private final GatewayMeters meters;

    /** Requests that have been sent, in order of time, to find those that stay without an answer. */
    private final Queue<Sent> sent = new ArrayDeque<>();

    Requests(
            Login login,
            Audience audience,
            ShardSender shards,
            Timers timers,
            GatewaySettings settings,
            GatewayMeters meters) {
        this.login = login;
        this.audience = audience;
        this.shards = shards;
        this.timers = timers;
        this.settings = settings;
        this.meters = meters;
    }

    void onText(ClientSocket socket, String text) {
        try {
            onFrame(socket, Frame.read(text));
        } catch (BadFrameException bad) {
            boolean isStranger = socket.session() == null && bad.operation() != Operation.LOGIN;
            ErrorCode code = isStranger ? ErrorCode.NOT_LOGGED_IN : bad.code();
            String reason = isStranger ? "log in first" : bad.reason();
            fail(socket, bad.id(), bad.operation(), code, reason, null);
            if (bad.isNoise()) {
                socket.badFrame();
            }
        }
    }

    private void onFrame(ClientSocket socket, Frame frame) throws BadFrameException {
        Session session = socket.session();
        if (socket.isTooFast() && frame.operation() != Operation.HEARTBEAT) {
            meters.refused(Limit.BYTES_PER_SECOND);
            fail(socket, frame, ErrorCode.RATE_LIMITED, "too many bytes: send less in a second", "TOO_MANY_BYTES");
            socket.refused();
        } else if (frame.operation() == Operation.LOGIN) {
            if (session == null) {
                login.login(socket, frame);
            } else {
                fail(socket, frame, ErrorCode.ALREADY_LOGGED_IN, "this connection is logged in already", null);
            }
        } else if (session == null) {
            fail(socket, frame, ErrorCode.NOT_LOGGED_IN, "log in first", null);
        } else {
            onRequest(socket, session, frame);
        }
    }

    private void onRequest(ClientSocket socket, Session session, Frame frame) throws BadFrameException {
        switch (frame.operation()) {
            case HEARTBEAT -> socket.heartbeatAnswered(frame.heartbeat());
            case PING -> {
                meters.answered(Operation.PING, null);
                socket.send(FrameWriter.success(frame.id(), timers.utcMillis(), out -> {}));
            }
            case LOGOUT -> login.logout(socket, session, frame);
            case RENEW_TOKEN -> login.renew(socket, session, frame);
            default -> forChannel(socket, session, frame);
        }
    }

    private void forChannel(ClientSocket socket, Session session, Frame frame) throws BadFrameException {
        if (!isWithinRate(socket, session, frame.operation())) {
            meters.refused(
                    frame.operation() == Operation.ACQUIRE_LOCK ? Limit.ACQUIRE_PER_SECOND : Limit.OPS_PER_SECOND);
            fail(socket, frame, ErrorCode.RATE_LIMITED, "too many requests: send less in a second", null);
            socket.refused();
            return;
        }
        Command.Request request = frame.command(session.id, session.epoch);
        if (!session.access.rights().allow(request)) {
            fail(socket, frame, ErrorCode.FORBIDDEN, Rights.REFUSAL, null);
            return;
        }
        Session.Pending same = session.pending.get(frame.id());
        if (same != null && !same.isSameAs(request)) {
            fail(socket, frame, ErrorCode.MALFORMED, "the id is that of another request under way", null);
        } else if (same == null && session.pending.size() >= settings.inFlightPerSession()) {
            meters.refused(Limit.IN_FLIGHT_PER_SESSION);
            fail(socket, frame, ErrorCode.RATE_LIMITED, "too many requests under way", "TOO_MANY_IN_FLIGHT");
            socket.refused();
        } else {
            Answer refusal = request instanceof Command.WriteMetadata write
                    ? Metadata.refusalOf(write, settings.metadataBytesMax())
                    : null;
            if (refusal == null) {
                send(socket, session, frame, request);
            } else {
                refuse(socket, frame, refusal);
            }
        }
    }

    private static boolean isWithinRate(ClientSocket socket, Session session, Operation operation) {
        if (!operation.isLock()) {
            return true;
        }
        RateLimit limit = operation == Operation.ACQUIRE_LOCK ? session.acquires : session.otherOps;
        return limit.allows(socket.heardMillis());
    }

    private void send(ClientSocket socket, Session session, Frame frame, Command.Request request) {
        Subscription subscription = session.subscriptions.get(request.channel());
        if (request instanceof Command.Subscribe subscribe) {
            String refusal = subscription == null ? subscriptionRefusal(session) : null;
            if (refusal != null) {
                fail(socket, frame, ErrorCode.FAILED, refusal, "TOO_MANY_SUBSCRIPTIONS");
                return;
            }
            audience.join(new Subscription(session, subscribe));
        } else if (request instanceof Command.Unsubscribe) {
            if (subscription == null) {
                meters.answered(Operation.UNSUBSCRIBE, null);
                socket.send(FrameWriter.success(
                        frame.id(),
                        timers.utcMillis(),
                        out -> out.text("channel", request.channel().name())
                                .text("channelType", request.channel().type().name())));
                return;
            }
            subscription.leaving(frame.id());
        }
        Session.Pending pending = new Session.Pending(request, mayHaveHappened(session, frame.id()), meters.nanos());
        session.pending.put(frame.id(), pending);
        forgetAnswered();
        sent.add(new Sent(socket, session, frame.id(), pending, socket.heardMillis()));
        shards.send(session, request, pending);
    }

    /** Whether a shard may have taken the request when it was asked before. */
    private static boolean mayHaveHappened(Session session, long id) {
        Session.Pending before = session.pending.get(id);
        return id <= session.askedBefore
                || session.doubtful.contains(id)
                || (before != null && !before.surelyDidNotHappen());
    }

    private @Nullable String subscriptionRefusal(Session session) {
        if (session.subscriptions.size() >= settings.subscriptionsPerSession()) {
            meters.refused(Limit.SUBSCRIPTIONS_PER_SESSION);
            return "you have " + session.subscriptions.size() + " subscriptions, more are not allowed";
        }
        int all = audience.ofUser(session.userId);
        if (all >= settings.subscriptionsPerUser()) {
            meters.refused(Limit.SUBSCRIPTIONS_PER_USER);
            return "you have " + all + " subscriptions in all your sessions, more are not allowed";
        }
        return null;
    }

    /** Else whatever is answered at once would be kept until the next sweep. */
    private void forgetAnswered() {
        for (Sent oldest = sent.peek(); oldest != null && oldest.pending.answered; oldest = sent.peek()) {
            sent.remove();
        }
    }

    int watched() {
        return sent.size();
    }

    /** Looks at the requests that have had no answer for long; they are in the order in which they were asked. */
    void sweep() {
        long nowMillis = timers.millis();
        shards.onTick(nowMillis);
        refuseUntaken(nowMillis);
        giveUp(nowMillis);
    }

    /** Tells those whose request no shard has taken that it will not happen: in time, or at once while there is no leader. */
    private void refuseUntaken(long nowMillis) {
        boolean isAnyDeserted = shards.isAnyDeserted(nowMillis);
        for (Iterator<Sent> each = sent.iterator(); each.hasNext(); ) {
            Sent next = each.next();
            boolean isLate = nowMillis - next.askedMillis >= settings.takenWithinMs();
            if (!isLate && !isAnyDeserted) {
                return;
            }
            boolean isHopeless = isLate || shards.isDeserted(next.pending.request.channel(), nowMillis);
            if (isHopeless && next.pending.surelyDidNotHappen() && !next.pending.answered) {
                each.remove();
                fail(next, ErrorCode.UNAVAILABLE, "the service cannot decide now: nothing happened, ask again");
            } else if (isLate && next.pending.waits()) {
                each.remove();
            }
        }
    }

    /** Only on the connection that asked: after another login the client has asked again, and that may succeed. */
    private void fail(Sent asked, ErrorCode code, String reason) {
        if (asked.session.socket == asked.socket && asked.session.pending.remove(asked.id, asked.pending)) {
            asked.pending.answered = true;
            if (code == ErrorCode.UNAVAILABLE) {
                audience.answered(asked.session, asked.pending.request, true);
            } else {
                audience.unanswered(asked.session, asked.pending.request);
            }
            meters.answered(asked.pending.request.operation(), code.in(asked.pending.request.operation()));
            asked.socket.send(FrameWriter.failure(
                    asked.id, timers.utcMillis(), asked.pending.request.operation(), code, reason, null));
        }
    }

    /** Tells those whose request has had no answer for too long that nobody knows what became of it. */
    private void giveUp(long nowMillis) {
        for (Sent oldest = sent.peek(); oldest != null; oldest = sent.peek()) {
            boolean isDue = nowMillis - oldest.askedMillis >= settings.answerWithinMs();
            if (!oldest.pending.answered && !isDue) {
                return;
            }
            sent.remove();
            if (!oldest.pending.answered && !oldest.pending.waits()) {
                oldest.session.doubt(oldest.id);
                fail(
                        oldest,
                        ErrorCode.OUTCOME_UNKNOWN,
                        "no answer in time: it may have happened, ask again with the same id");
            }
        }
    }

    private void fail(ClientSocket socket, Frame frame, ErrorCode code, String reason, @Nullable String cause) {
        fail(socket, frame.id(), frame.operation(), code, reason, cause);
    }

    private void fail(
            ClientSocket socket,
            long id,
            @Nullable Operation operation,
            ErrorCode code,
            String reason,
            @Nullable String cause) {
        meters.answered(operation, operation == null ? code : code.in(operation));
        socket.send(FrameWriter.failure(id, timers.utcMillis(), operation, code, reason, cause));
    }

    /** Says what the shard would. */
    private void refuse(ClientSocket socket, Frame frame, Answer answer) {
        Rejection rejection = Objects.requireNonNull(answer.rejection());
        if (rejection.kind() == Rejection.Kind.METADATA_TOO_LARGE) {
            meters.refused(Limit.METADATA_BYTES);
        }
        meters.answered(frame.operation(), ErrorCode.of(rejection.kind()));
        socket.send(FrameWriter.reply(frame.id(), new Reply(timers.utcMillis(), answer)));
    }

    private record Sent(ClientSocket socket, Session session, long id, Session.Pending pending, long askedMillis) {}
}
