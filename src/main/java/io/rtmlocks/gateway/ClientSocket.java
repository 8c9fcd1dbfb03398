// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.concurrent.Future;
import io.rtmlocks.telemetry.Limit;
import io.rtmlocks.wire.CloseCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.http.WebSocketInternal;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket: text in and out, within bounds, and whether anybody is still at the other end.
 *
 * <p>It knows no request. A socket that was closed from here ends for its owner at once, whatever the other side does.
 */
final class ClientSocket {

    /** How a connection ended. */
    enum End {
        LEFT,
        GOING_AWAY,
        BROKEN
    }

    /** What the socket reports, on the gateway's context. */
    interface Owner {
        void onText(ClientSocket socket, String text);

        /** Whether all shards that know the session surely count it as online now. */
        boolean isVouchedFor(Session session);

        /** Nothing was heard for the time after which a session counts as offline. */
        void onSilent(ClientSocket socket);

        /** Something was heard again. */
        void onHeardAgain(ClientSocket socket);

        /** The connection can be written to again without queueing. */
        void onDrained(ClientSocket socket);

        /** The connection is over; called once. */
        void onEnd(ClientSocket socket, End end);
    }

    private static final short NOT_UTF8_CODE = 1007;
    private static final int WRITE_QUEUE_BYTES = 128 * 1024;
    private static final int CLOSE_WITHIN_MILLIS = 2_000;
    private static final int FRAME_OVERHEAD_BYTES = 8;
    private static final int FRAMES_AFTER_THE_END_MAX = 1_000;

    private final ServerWebSocket webSocket;
    private final GatewaySettings settings;
    private final Timers timers;
    private final GatewayMeters meters;
    private final Owner owner;
    private final Flushes.OfSocket flushes;
    private final Strikes badFrames;
    private final Patience patience;
    private final Expiry expiry;
    private final RateLimit inbound;
    private final Parts message;
    private final Heartbeats heartbeats = new Heartbeats();
    private final Farewell farewell = new Farewell();

    private @Nullable Session session;
    private boolean isTooFast;
    private int framesAfterTheEnd;
    private boolean ended;
    private boolean silent;
    private long heardMillis;
    private long queuedBytes;
    private long loginTimer = Timers.NONE;
    private long heartbeatTimer = Timers.NONE;
    private long silenceTimer = Timers.NONE;

    ClientSocket(
            ServerWebSocket webSocket,
            GatewaySettings settings,
            Timers timers,
            Flushes flushes,
            GatewayMeters meters,
            Owner owner) {
        this.webSocket = webSocket;
        this.settings = settings;
        this.timers = timers;
        this.meters = meters;
        this.owner = owner;
        this.flushes = flushes.new OfSocket();
        this.badFrames = new Strikes(settings.badFramesPerMinute());
        this.patience = new Patience(settings.refusalsInARow());
        this.expiry = new Expiry(this, timers);
        this.heardMillis = timers.millis();
        this.message = new Parts(settings.frameBytesMax());
        this.inbound = new RateLimit(settings.bytesPerSecond(), heardMillis);
    }

    void open() {
        channel().pipeline().addBefore(channel().name(), null, flushes);
        channel().pipeline().addBefore(channel().name(), null, farewell);
        webSocket.setWriteQueueMaxSize(Math.min(WRITE_QUEUE_BYTES, settings.queuedBytesPerConnection()));
        webSocket.frameHandler(this::onFrame);
        webSocket.drainHandler(v -> onDrained());
        webSocket.exceptionHandler(this::onFault);
        webSocket.closeHandler(v -> endedByPeer(farewell.end()));
        loginTimer = timers.after(settings.loginWithinMs(), () -> refuse(Limit.LOGIN_TIME, CloseCode.NO_LOGIN));
        heartbeatTimer = timers.every(settings.heartbeatMs(), this::beat);
        watchForSilence(settings.offlineAfterMs());
    }

    @Nullable
    Session session() {
        return session;
    }

    boolean isEnded() {
        return ended;
    }

    /** From here on the socket speaks for this session. */
    void loggedIn(Session loggedIn) {
        session = loggedIn;
        timers.cancel(loginTimer);
    }

    /** The right to be here ends then, {@link Access#NEVER} for never; its client is told before. */
    void expiresAt(long utcMillis) {
        if (!ended) {
            expiry.at(utcMillis);
        }
    }

    /** Stops reading: what comes is kept by the network until {@link #resume}. */
    void pause() {
        webSocket.pause();
    }

    void resume() {
        if (!ended) {
            webSocket.resume();
        }
    }

    private void onFrame(WebSocketFrame frame) {
        if (ended) {
            onFrameAfterTheEnd();
            return;
        }
        heard();
        int bytes = frame.binaryData().length();
        isTooFast |= !inbound.allows(bytes + FRAME_OVERHEAD_BYTES, heardMillis);
        switch (frame.type()) {
            case TEXT, CONTINUATION -> onPart(frame);
            case BINARY -> close(CloseCode.BINARY_FRAME);
            case CLOSE -> {}
            case PING -> {
                mayQueue(bytes);
                onControl();
            }
            case PONG -> onControl();
        }
    }

    /** Whoever goes on sending would be answered pongs for as long as the close takes. */
    private void onFrameAfterTheEnd() {
        if (++framesAfterTheEnd > FRAMES_AFTER_THE_END_MAX) {
            cutChannel();
        }
    }

    private void onControl() {
        if (isTooFast && message.isEmpty()) {
            isTooFast = false;
            meters.refused(Limit.BYTES_PER_SECOND);
            refused();
        }
    }

    /** @return when the frame came that was heard last */
    long heardMillis() {
        return heardMillis;
    }

    /** Whether the frame just heard is more than a connection may send in a second. */
    boolean isTooFast() {
        return isTooFast;
    }

    /** Bytes that are no WebSocket frame: the codes of RFC 6455 say why that is the end. */
    private void onFault(Throwable fault) {
        if (fault instanceof CorruptedWebSocketFrameException corrupted) {
            WebSocketCloseStatus status = corrupted.closeStatus();
            if (status.code() == CloseCode.FRAME_TOO_LARGE.number() && !ended) {
                meters.refused(Limit.FRAME_BYTES);
            }
            close((short) status.code(), status.reasonText());
        }
    }

    private void onPart(WebSocketFrame frame) {
        meters.frameIn(frame.binaryData().length());
        if (!message.add(frame.binaryData())) {
            refuse(Limit.FRAME_BYTES, CloseCode.FRAME_TOO_LARGE);
        } else if (frame.isFinal()) {
            onMessage(message.take());
            isTooFast = false;
        }
    }

    private void onMessage(@Nullable String text) {
        if (text == null) {
            close(NOT_UTF8_CODE, "text is UTF-8");
        } else {
            owner.onText(this, text);
        }
    }

    /** Sends what must arrive: queues it when the other side is slow, and cuts the connection over the bound. */
    void send(String text) {
        if (isSending(text)) {
            TextFrame.write(webSocket, text, flushes);
        }
    }

    /** The same, of what many are sent. */
    void send(TextFrame frame) {
        if (isSending(frame.text())) {
            frame.writeTo(webSocket);
        }
    }

    private boolean isSending(String text) {
        if (ended || webSocket.isClosed() || !mayQueue(text.length())) {
            return false;
        }
        meters.frameOut(text);
        return true;
    }

    /** What is sent in this turn goes before what others are sent. */
    void goFirst() {
        flushes.goFirst();
    }

    /** Counts what waits for a slow reader, pongs as well; false when it is too much, and the end. */
    private boolean mayQueue(int bytes) {
        if (isSlow()) {
            queuedBytes += bytes + FRAME_OVERHEAD_BYTES;
            if (queuedBytes > settings.queuedBytesPerConnection() - WRITE_QUEUE_BYTES) {
                meters.cutForSlowness();
                close(CloseCode.OVERLOADED);
                return false;
            }
        }
        return true;
    }

    /** Whether the other side does not read as fast as we write. */
    boolean isSlow() {
        return !ended && !webSocket.isClosed() && webSocket.writeQueueFull();
    }

    private void onDrained() {
        queuedBytes = 0;
        if (!ended) {
            owner.onDrained(this);
        }
    }

    /** A frame that was no request. */
    void badFrame() {
        if (badFrames.isTooMany(timers.millis())) {
            refuse(Limit.BAD_FRAMES, CloseCode.TOO_MANY_BAD_FRAMES);
        }
    }

    /** A request was refused for coming too fast. */
    void refused() {
        if (patience.isOver(timers.millis())) {
            refuse(Limit.REFUSALS_IN_A_ROW, CloseCode.RATE_LIMIT_IGNORED);
        }
    }

    private void beat() {
        if (isSlow()) {
            return;
        }
        webSocket.writePing(Buffer.buffer());
        if (session != null && !session.isUnsettled()) {
            send(heartbeats.next(owner.isVouchedFor(session)));
        }
    }

    /** Ends a doubt that the client was told of, as soon as there is none: its locks may have little time left. */
    void reassure() {
        if (heartbeats.isDoubted() && session != null && !isSlow() && owner.isVouchedFor(session)) {
            send(heartbeats.next(true));
        }
    }

    void heartbeatAnswered(long n) {
        heartbeats.answered(n);
        if (session != null) {
            session.confirmed(heartbeats.heard());
        }
    }

    /** How many heartbeats have been sent. */
    long heartbeats() {
        return heartbeats.sent();
    }

    private void heard() {
        heardMillis = timers.millis();
        if (silent && !ended) {
            silent = false;
            timers.cancel(silenceTimer);
            watchForSilence(settings.offlineAfterMs());
            owner.onHeardAgain(this);
        }
    }

    private void watchForSilence(long millis) {
        silenceTimer = timers.after(millis, this::checkSilence);
    }

    private void checkSilence() {
        long leftMillis = heardMillis + settings.offlineAfterMs() - timers.millis();
        if (leftMillis > 0) {
            watchForSilence(leftMillis);
        } else {
            silent = true;
            silenceTimer = timers.after(settings.rememberedMs(), () -> {
                cutChannel();
                endedByPeer(End.BROKEN);
            });
            owner.onSilent(this);
        }
    }

    private void refuse(Limit limit, CloseCode code) {
        if (!ended) {
            meters.refused(limit);
            close(code);
        }
    }

    void close(CloseCode code) {
        close(code.number(), code.reason());
    }

    private void close(short code, String reason) {
        if (!ended) {
            meters.closed(code);
            webSocket.close(code, reason);
            timers.after(CLOSE_WITHIN_MILLIS, this::cutChannel);
            end(End.BROKEN);
        }
    }

    private void endedByPeer(End how) {
        if (!ended) {
            meters.closedByPeer();
            end(how);
        }
    }

    private void cutChannel() {
        Future<?> unused = channel().close();
    }

    private ChannelHandlerContext channel() {
        return ((WebSocketInternal) webSocket).channelHandlerContext();
    }

    private void end(End how) {
        if (!ended) {
            ended = true;
            timers.cancel(loginTimer);
            timers.cancel(heartbeatTimer);
            timers.cancel(silenceTimer);
            expiry.cancel();
            owner.onEnd(this, how);
        }
    }
}
