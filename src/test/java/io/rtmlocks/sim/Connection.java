// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket between a client and a machine: in order, sometimes slow, and it may break, at one end or at both.
 *
 * <p>The server's end is what the gateway gets. A client that does not read lets frames pile up there.
 */
final class Connection {

    /** What the client hears. */
    interface ClientEnd {
        /** The server writes something that will be heard later, or never. */
        void onWritten(String text);

        void onText(String text);

        void onClose(int code);
    }

    private static final int DELAY_MILLIS_MAX = 20;
    private static final int WRITE_QUEUE_FRAMES = 8;
    private static final int NO_CODE = 1006;

    private final Clockwork clockwork;
    private final Machine machine;
    private final SplittableRandom random;
    private final ClientEnd client;
    private final Queue<Runnable> unread = new ArrayDeque<>();
    private final Queue<WebSocketFrame> held = new ArrayDeque<>();
    private Handler<WebSocketFrame> onFrame = frame -> {};
    private Handler<Object> onDrained = none -> {};
    private Handler<Object> onClosed = none -> {};
    private long lastToServerMillis;
    private long lastToClientMillis;
    private @Nullable ChannelInboundHandler inbound;
    private boolean isReading = true;
    private boolean isPaused;
    private boolean isDead;
    private boolean isClosedHere;
    private boolean isClosedThere;

    Connection(Clockwork clockwork, Machine machine, SplittableRandom random, ClientEnd client) {
        this.clockwork = clockwork;
        this.machine = machine;
        this.random = random;
        this.client = client;
    }

    // --- the client's end

    void send(String text) {
        toServer(WebSocketFrame.textFrame(text, true));
    }

    /** Closes with a code; the other side learns of it if it can be reached. */
    void close(int code) {
        later(true, () -> {
            if (!isClosedThere) {
                farewell(code);
                closedThere();
            }
        });
        isClosedHere = true;
    }

    /** Nothing arrives any more, and nobody is told. */
    void die() {
        isDead = true;
    }

    /** Both ends learn that it is over. */
    void cut() {
        later(true, this::closedThere);
        closedHere(NO_CODE);
    }

    void readOn(boolean reads) {
        isReading = reads;
        while (isReading && !isDead && !isClosedHere && !unread.isEmpty()) {
            unread.remove().run();
        }
        if (isReading) {
            later(true, () -> onDrained.handle(null));
        }
    }

    boolean isRead() {
        return isReading;
    }

    boolean isTo(Machine other) {
        return machine == other;
    }

    private void toServer(WebSocketFrame frame) {
        if (!isClosedHere) {
            later(true, () -> {
                if (isPaused) {
                    held.add(frame);
                } else if (!isClosedThere) {
                    onFrame.handle(frame);
                }
            });
        }
    }

    private void closedHere(int code) {
        if (!isClosedHere) {
            isClosedHere = true;
            client.onClose(code);
        }
    }

    private void closedThere() {
        if (!isClosedThere) {
            isClosedThere = true;
            onClosed.handle(null);
        }
    }

    /** In order in each direction; not at all once it is dead. */
    private void later(boolean toServer, Runnable arrival) {
        long last = toServer ? lastToServerMillis : lastToClientMillis;
        long atMillis = Math.max(last, clockwork.nowMillis() + random.nextInt(DELAY_MILLIS_MAX));
        if (toServer) {
            lastToServerMillis = atMillis;
        } else {
            lastToClientMillis = atMillis;
        }
        clockwork.after(atMillis - clockwork.nowMillis(), () -> {
            if (isDead) {
                return;
            }
            if (toServer) {
                machine.run(arrival);
            } else {
                arrival.run();
            }
        });
    }

    // --- the server's end

    ServerWebSocket serverEnd() {
        Channel wire = new Stub().as(Channel.class);
        ChannelPipeline pipeline = new Stub()
                .run("addBefore", given -> inbound = given[2] instanceof ChannelInboundHandler it ? it : inbound)
                .as(ChannelPipeline.class);
        ChannelHandlerContext channel = new Stub()
                .answer("name", none -> "library")
                .answer("channel", none -> wire)
                .answer("handler", none -> null)
                .answer("pipeline", none -> pipeline)
                .answer("close", none -> closeThere(NO_CODE))
                .as(ChannelHandlerContext.class);
        return new Stub()
                .run("setWriteQueueMaxSize", given -> {})
                .run("exceptionHandler", given -> {})
                .run("frameHandler", given -> onFrame = handler(given))
                .run("drainHandler", given -> onDrained = handler(given))
                .run("closeHandler", given -> onClosed = handler(given))
                .answer("authority", none -> null)
                .answer("headers", none -> MultiMap.caseInsensitiveMultiMap())
                .answer("isSsl", none -> false)
                .answer("isClosed", none -> isClosedThere)
                .answer("writeQueueFull", none -> unread.size() >= WRITE_QUEUE_FRAMES)
                .answer("writeTextMessage", given -> write((String) given[0]))
                .answer("writePing", none -> ping())
                .answer("close", given -> closeThere(given.length == 0 ? NO_CODE : (Short) given[0]))
                .run("pause", none -> isPaused = true)
                .run("resume", none -> resume())
                .answer("channelHandlerContext", none -> channel)
                .as(ServerWebSocket.class, WebSocketInternal.class);
    }

    @SuppressWarnings("unchecked")
    private static <T> Handler<T> handler(Object[] given) {
        return (Handler<T>) given[0];
    }

    private @Nullable Object write(String text) {
        client.onWritten(text);
        toClient(() -> client.onText(text));
        return null;
    }

    private @Nullable Object ping() {
        toClient(() -> toServer(frame(WebSocketFrameType.PONG, Buffer.buffer())));
        return null;
    }

    private @Nullable Object closeThere(int code) {
        if (!isClosedThere) {
            toClient(() -> closedHere(code));
            machine.after(0, this::closedThere);
        }
        return null;
    }

    private void toClient(Runnable arrival) {
        later(false, () -> {
            if (isClosedHere) {
                return;
            }
            if (isReading) {
                arrival.run();
            } else {
                unread.add(arrival);
            }
        });
    }

    private void resume() {
        isPaused = false;
        while (!isPaused && !held.isEmpty() && !isClosedThere) {
            onFrame.handle(held.remove());
        }
    }

    /** What is heard before frames are, if the gateway has heard of the connection. */
    private void farewell(int code) {
        ChannelInboundHandler handler = inbound;
        if (handler == null) {
            return;
        }
        ChannelHandlerContext next =
                new Stub().run("fireChannelRead", given -> {}).as(ChannelHandlerContext.class);
        try {
            handler.channelRead(next, new CloseWebSocketFrame(code, ""));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static WebSocketFrame frame(WebSocketFrameType type, Buffer content) {
        return new Stub()
                .answer("type", none -> type)
                .answer("binaryData", none -> content)
                .as(WebSocketFrame.class);
    }
}
