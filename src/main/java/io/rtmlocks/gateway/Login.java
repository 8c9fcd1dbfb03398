// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.LockView;
import io.rtmlocks.lock.Operation;
import io.rtmlocks.shard.Claim;
import io.rtmlocks.shard.Delivery;
import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.telemetry.LoginResult;
import io.rtmlocks.wire.BadFrameException;
import io.rtmlocks.wire.CloseCode;
import io.rtmlocks.wire.ErrorCode;
import io.rtmlocks.wire.Frame;
import io.rtmlocks.wire.FrameWriter;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who a connection speaks for: logging in, coming back to a session, renewing a token, logging out. */
final class Login {

    /** For the node where a session was to let go of it; one that is stopped never does. */
    private static final int YIELD_WITHIN_MILLIS = 1_000;

    private final Authenticator authenticator;
    private final Sessions sessions;
    private final Presence presence;
    private final ShardSender shards;
    private final NodeBus bus;
    private final Timers timers;
    private final GatewaySettings settings;
    private final GatewayMeters meters;

    /** What the shards found the sessions holding and waiting for, of those that are coming back. */
    private final Map<Session, Found> found = new HashMap<>();

    Login(
            Authenticator authenticator,
            Sessions sessions,
            Presence presence,
            ShardSender shards,
            NodeBus bus,
            Timers timers,
            GatewaySettings settings,
            GatewayMeters meters) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.presence = presence;
        this.shards = shards;
        this.bus = bus;
        this.timers = timers;
        this.settings = settings;
        this.meters = meters;
    }

    void login(ClientSocket socket, Frame frame) throws BadFrameException {
        String userId = frame.userId();
        String token = frame.token();
        String resumeToken = frame.resumeToken();
        socket.pause();
        authenticator
                .authenticate(userId, token)
                .onSuccess(access -> admit(socket, frame.id(), userId, resumeToken, access))
                .onFailure(failure -> {
                    meters.login(LoginResult.REFUSED);
                    refuse(socket, frame, failure);
                    socket.close(CloseCode.TOKEN_REFUSED);
                });
    }

    private void refuse(ClientSocket socket, Frame frame, Throwable failure) {
        ErrorCode code = failure instanceof LoginRefusedException refused ? refused.code() : ErrorCode.TOKEN_INVALID;
        String reason = String.valueOf(failure.getMessage());
        meters.answered(frame.operation(), code);
        socket.send(FrameWriter.failure(frame.id(), timers.utcMillis(), frame.operation(), code, reason, null));
    }

    private void admit(
            ClientSocket socket, long requestId, String userId, @Nullable String resumeToken, Access access) {
        if (socket.isEnded()) {
            return;
        }
        Session known = sessions.resume(resumeToken, userId);
        ResumeTokens.Claim elsewhere = known == null ? sessions.elsewhere(resumeToken, userId) : null;
        if (known != null) {
            resume(socket, known, requestId, access, known.shards, new Found(true));
        } else if (elsewhere != null && resumeToken != null) {
            fetch(socket, requestId, access, elsewhere, resumeToken);
        } else {
            begin(socket, requestId, userId, access);
        }
    }

    private void begin(ClientSocket socket, long requestId, String userId, Access access) {
        Session session = newSession(sessions.newSecret(), userId, access);
        sessions.add(session);
        session.socket = socket;
        socket.loggedIn(session);
        welcome(socket, session, requestId, false);
    }

    private void resume(
            ClientSocket socket, Session session, long requestId, Access access, BitSet awaited, Found all) {
        session.access = access;
        session.askedBefore = Math.max(session.askedBefore, requestId);
        socket.loggedIn(session);
        found.put(session, all);
        presence.resume(session, socket, awaited, () -> settled(socket, session, requestId, all));
        timers.after(settings.takenWithinMs(), () -> {
            if (!found.remove(session, all)) {
                return;
            }
            session.end = ClientSocket.End.BROKEN;
            if (session.socket == socket) {
                meters.login(LoginResult.FAILED);
                meters.answered(Operation.LOGIN, ErrorCode.UNAVAILABLE);
                socket.send(FrameWriter.failure(
                        requestId,
                        timers.utcMillis(),
                        Operation.LOGIN,
                        ErrorCode.UNAVAILABLE,
                        "the session cannot be found now: come again",
                        null));
                socket.close(CloseCode.OVERLOADED);
            }
        });
    }

    /** Goes on with a session that was at another node: whichever shards know it, know it from here. */
    private void fetch(
            ClientSocket socket, long requestId, Access access, ResumeTokens.Claim claim, String resumeToken) {
        Session stale = sessions.byId(claim.sessionId());
        if (stale != null) {
            presence.letGo(stale);
        }
        Session session = newSession(claim.sessionId(), claim.userId(), access);
        session.loggedInAgain(claim.logins() + 1);
        session.shards.set(0, settings.shards());
        sessions.add(session, resumeToken);
        session.keepApart();
        BitSet awaited = BitSet.valueOf(session.shards.toLongArray());
        if (bus.nodes().addresses().contains(claim.gateway())) {
            awaited.set(settings.shards());
            bus.send(claim.gateway(), new Claim(session.id, session.logins, bus.address()));
            timers.after(YIELD_WITHIN_MILLIS, () -> session.settled(settings.shards()));
        }
        resume(socket, session, requestId, access, awaited, new Found(false));
    }

    /** The node where the session was has let go of it, if it knew it. */
    void onYielded(Session session, boolean wasKnown, List<String> heardLosses) {
        Found soFar = found.get(session);
        if (soFar != null) {
            soFar.wasKnown |= wasKnown;
            session.heard(heardLosses);
            session.settled(settings.shards());
        }
    }

    /** A session that nobody knows any more, or that has lost a lock with a shard's memory, is not resumed: it begins anew. */
    private void settled(ClientSocket socket, Session session, long requestId, Found all) {
        boolean isResumed = all.wasKnown && !session.isForgotten;
        if (isResumed || session.socket != socket) {
            welcome(socket, session, requestId, true);
        } else {
            found.remove(session);
            session.socket = null;
            session.online = false;
            if (all.isOutlived) {
                shards.announceOffline(session);
            } else {
                shards.announceGone(session);
            }
            sessions.forget(session);
            begin(socket, requestId, session.userId, session.access);
        }
    }

    /** Whether the session is just coming back here. */
    boolean isUnderWay(Session session) {
        return found.containsKey(session);
    }

    /** Whether the session is just coming from another node, and this is the first answer to that request since. */
    boolean isFirstWhileFetching(Session session, long requestId) {
        Found soFar = found.get(session);
        return soFar != null && soFar.isElsewhere && soFar.answered.add(requestId);
    }

    /** A session that is coming back has gone on elsewhere, with a later token than the one shown: a new one begins. */
    void onOutdated(Session session) {
        Found soFar = found.get(session);
        if (soFar != null) {
            soFar.wasKnown = false;
            soFar.isOutlived = true;
            session.settleAnyway();
        }
    }

    private Session newSession(String id, String userId, Access access) {
        long nowMillis = timers.millis();
        return new Session(
                id,
                userId,
                access,
                new RateLimit(settings.acquirePerSecond(), nowMillis),
                new RateLimit(settings.opsPerSecond(), nowMillis));
    }

    /** A shard says what a session that comes back holds and waits for. */
    void onResumed(Session session, Delivery.Resumed resumed) {
        Found soFar = found.get(session);
        boolean isAwaited = session.awaited.get(resumed.shard());
        if (soFar != null && isAwaited && resumed.epoch() == session.epoch) {
            soFar.wasKnown |= resumed.wasKnown();
            session.askedBefore = Math.max(session.askedBefore, resumed.highestId());
            if (isAskedSince(session, resumed) && soFar.heardTwice.add(resumed.shard())) {
                shards.announceOnline(session, resumed.shard());
                return;
            }
            soFar.held.addAll(resumed.held());
            soFar.waiting.addAll(resumed.waiting());
            resumed.waiting().forEach(each -> expect(session, each));
            session.settled(resumed.shard());
        }
    }

    /** Whether the shard has been asked to let the session wait for more since it said this: its next word has that as well. */
    private boolean isAskedSince(Session session, Delivery.Resumed resumed) {
        Set<Long> known = new HashSet<>();
        resumed.waiting().forEach(each -> known.add(each.requestId()));
        return session.pending.entrySet().stream()
                .anyMatch(each -> each.getValue().waits()
                        && !known.contains(each.getKey())
                        && shards.shardOf(each.getValue().request.channel()) == resumed.shard());
    }

    /** A wait that began at another node is answered here, also when its client does not ask again. */
    private void expect(Session session, LockView.Waiting wait) {
        session.pending.computeIfAbsent(wait.requestId(), id -> {
            Caller caller = new Caller(session.id, session.epoch, id);
            Command.AcquireLock asked =
                    new Command.AcquireLock(caller, wait.channel(), wait.lockName(), true, 0, false, false, 0);
            return new Session.Pending(asked, true, meters.nanos());
        });
    }

    private void welcome(ClientSocket socket, Session session, long requestId, boolean isResumed) {
        Found all = found.remove(session);
        if (session.socket == null) {
            presence.takeLeave(session);
        }
        if (session.socket != socket) {
            return;
        }
        presence.endForbiddenWaits(session, session.access.rights());
        meters.login(isResumed ? LoginResult.RESUMED : LoginResult.NEW);
        meters.answered(Operation.LOGIN, null);
        socket.send(FrameWriter.success(requestId, timers.utcMillis(), out -> {
            out.text("userId", session.userId)
                    .text("sessionId", session.id)
                    .text("resumeToken", session.resumeToken)
                    .flag("resumed", isResumed)
                    .number("heartbeatMs", settings.heartbeatMs())
                    .number("offlineAfterMs", settings.offlineAfterMs())
                    .text("node", settings.node());
            if (isResumed && all != null) {
                out.list("held", all.held).list("waiting", allowed(session, all.waiting));
            }
        }));
        session.sendUndelivered();
        socket.expiresAt(session.access.expiresAtUtcMillis());
        socket.resume();
    }

    private static List<LockView.Waiting> allowed(Session session, List<LockView.Waiting> all) {
        return all.stream()
                .filter(each -> {
                    Session.Pending pending = session.pending.get(each.requestId());
                    return pending == null || !pending.withdrawn;
                })
                .toList();
    }

    /** A token that is refused changes nothing: the one before it is good until it expires. */
    void renew(ClientSocket socket, Session session, Frame frame) throws BadFrameException {
        String token = frame.token();
        socket.pause();
        authenticator
                .authenticate(session.userId, token)
                .onSuccess(access -> {
                    presence.onRenewed(session, access);
                    meters.answered(Operation.RENEW_TOKEN, null);
                    socket.send(FrameWriter.success(frame.id(), timers.utcMillis(), out -> {}));
                    socket.expiresAt(access.expiresAtUtcMillis());
                })
                .onFailure(failure -> refuse(socket, frame, failure))
                .onComplete(done -> socket.resume());
    }

    void logout(ClientSocket socket, Session session, Frame frame) {
        socket.pause();
        presence.logout(session, () -> {
            session.sendUndelivered();
            meters.answered(Operation.LOGOUT, null);
            socket.send(FrameWriter.success(frame.id(), timers.utcMillis(), out -> {}));
            session.socket = null;
            socket.close(CloseCode.DONE);
        });
    }

    /** What has been heard of a session that comes back. */
    private static final class Found {
        private final List<LockView.Held> held = new ArrayList<>();
        private final List<LockView.Waiting> waiting = new ArrayList<>();
        private final Set<Long> answered = new HashSet<>();
        private final Set<Integer> heardTwice = new HashSet<>();
        private final boolean isElsewhere;
        private boolean wasKnown;
        private boolean isOutlived;

        Found(boolean wasKnown) {
            this.isElsewhere = !wasKnown;
            this.wasKnown = wasKnown;
        }
    }
}
