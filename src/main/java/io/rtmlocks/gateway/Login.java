// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.LockView;
import io.rtmlocks.shard.Delivery;
import io.rtmlocks.wire.BadFrameException;
import io.rtmlocks.wire.CloseCode;
import io.rtmlocks.wire.ErrorCode;
import io.rtmlocks.wire.Frame;
import io.rtmlocks.wire.FrameWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who a connection speaks for: logging in, coming back to a session, renewing a token, logging out. */
final class Login {

    private final Authenticator authenticator;
    private final Sessions sessions;
    private final Presence presence;
    private final Timers timers;
    private final GatewaySettings settings;

    /** What the shards found the sessions holding and waiting for, of those that are coming back. */
    private final Map<Session, Found> found = new HashMap<>();

    Login(Authenticator authenticator, Sessions sessions, Presence presence, Timers timers, GatewaySettings settings) {
        this.authenticator = authenticator;
        this.sessions = sessions;
        this.presence = presence;
        this.timers = timers;
        this.settings = settings;
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
                    refuse(socket, frame, failure);
                    socket.close(CloseCode.TOKEN_REFUSED);
                });
    }

    private void refuse(ClientSocket socket, Frame frame, Throwable failure) {
        ErrorCode code = failure instanceof LoginRefusedException refused ? refused.code() : ErrorCode.TOKEN_INVALID;
        String reason = String.valueOf(failure.getMessage());
        socket.send(FrameWriter.failure(frame.id(), timers.utcMillis(), frame.operation(), code, reason, null));
    }

    private void admit(
            ClientSocket socket, long requestId, String userId, @Nullable String resumeToken, Access access) {
        if (socket.isEnded()) {
            return;
        }
        Session known = sessions.resume(resumeToken, userId);
        Session session = known == null ? newSession(userId, access) : known;
        session.access = access;
        socket.loggedIn(session, access.expiresAtUtcMillis());
        if (known == null) {
            session.socket = socket;
            welcome(socket, session, requestId, false);
        } else {
            found.put(session, new Found(new ArrayList<>(), new ArrayList<>()));
            presence.resume(session, socket, () -> welcome(socket, session, requestId, true));
        }
    }

    private Session newSession(String userId, Access access) {
        long nowMillis = timers.millis();
        Session session = new Session(
                sessions.newSecret(),
                userId,
                access,
                new RateLimit(settings.acquirePerSecond(), nowMillis),
                new RateLimit(settings.opsPerSecond(), nowMillis));
        sessions.add(session);
        return session;
    }

    /** A shard says what a session that comes back holds and waits for. */
    void onResumed(Session session, Delivery.Resumed resumed) {
        Found soFar = found.get(session);
        if (soFar != null && resumed.epoch() == session.epoch) {
            soFar.held.addAll(resumed.held());
            soFar.waiting.addAll(resumed.waiting());
            session.settled(resumed.shard());
        }
    }

    private void welcome(ClientSocket socket, Session session, long requestId, boolean isResumed) {
        Found all = found.remove(session);
        if (session.socket != socket) {
            return;
        }
        socket.send(FrameWriter.success(requestId, timers.utcMillis(), out -> {
            out.text("userId", session.userId)
                    .text("sessionId", session.id)
                    .text("resumeToken", session.resumeToken)
                    .flag("resumed", isResumed)
                    .number("heartbeatMs", settings.heartbeatMs())
                    .number("offlineAfterMs", settings.offlineAfterMs())
                    .text("node", settings.node());
            if (isResumed && all != null) {
                out.list("held", all.held).list("waiting", all.waiting);
            }
        }));
        session.sendUndelivered();
        socket.resume();
    }

    /** A token that is refused changes nothing: the one before it is good until it expires. */
    void renew(ClientSocket socket, Session session, Frame frame) throws BadFrameException {
        String token = frame.token();
        socket.pause();
        authenticator
                .authenticate(session.userId, token)
                .onSuccess(access -> {
                    session.access = access;
                    socket.expiresAt(access.expiresAtUtcMillis());
                    socket.send(FrameWriter.success(frame.id(), timers.utcMillis(), out -> {}));
                })
                .onFailure(failure -> refuse(socket, frame, failure))
                .onComplete(done -> socket.resume());
    }

    void logout(ClientSocket socket, Session session, Frame frame) {
        socket.pause();
        presence.logout(session, () -> {
            session.sendUndelivered();
            socket.send(FrameWriter.success(frame.id(), timers.utcMillis(), out -> {}));
            session.socket = null;
            socket.close(CloseCode.DONE);
        });
    }

    private record Found(List<LockView.Held> held, List<LockView.Waiting> waiting) {}
}
