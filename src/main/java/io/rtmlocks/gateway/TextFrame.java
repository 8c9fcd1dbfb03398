// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.net.impl.MessageWrite;
import io.vertx.core.net.impl.VertxConnection;
import io.vertx.core.net.impl.VertxHandler;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A text for many sockets, encoded once: a server's frame is not masked, so each gets the same bytes (RFC 6455 §5.2). One for a single
 * socket is gathered with what else that one is told.
 *
 * <p>A long text is left to the library, which may split it; so is any text for a socket of another make.
 */
final class TextFrame implements AutoCloseable {

    private static final int FINAL_TEXT = 0x81;
    static final int BYTES_IN_ONE_BYTE_MAX = 125;
    private static final int TWO_BYTES_FOLLOW = 126;
    static final int HEAD_BYTES_MAX = 4;

    /** Each is three bytes at most, and two bytes tell how many there are. */
    static final int CHARACTERS_MAX = 0xFFFF / 3;

    private final String text;

    /** Held by this object until it is closed, and by each writing until it is done or given up. */
    @Nullable
    ByteBuf encoded;

    TextFrame(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** In order with all else that is written to the socket; to be called on its context. */
    void writeTo(ServerWebSocket socket) {
        VertxConnection connection = connection(socket, text);
        if (connection == null) {
            socket.writeTextMessage(text);
            return;
        }
        if (encoded == null) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            encoded = ByteBufAllocator.DEFAULT.directBuffer(HEAD_BYTES_MAX + utf8.length);
            encode(utf8, encoded);
        }
        connection.writeToChannel(new Write(connection, encoded.retainedDuplicate()));
    }

    /**
     * The same, of what one socket alone is told.
     *
     * @param leaving of this socket
     */
    static void write(ServerWebSocket socket, String text, Flushes.OfSocket leaving) {
        VertxConnection connection = connection(socket, text);
        if (connection == null) {
            socket.writeTextMessage(text);
        } else {
            connection.writeToChannel(new Gathering(leaving, text));
        }
    }

    /** @return null where the library is to write */
    private static @Nullable VertxConnection connection(ServerWebSocket socket, String text) {
        ChannelHandler end =
                ((WebSocketInternal) socket).channelHandlerContext().handler();
        return text.length() <= CHARACTERS_MAX && end instanceof VertxHandler<?> library
                ? library.getConnection()
                : null;
    }

    /** What may wait in the queue of a connection, and then never be written. */
    private record Write(VertxConnection connection, ByteBuf bytes) implements MessageWrite {
        @Override
        public void write() {
            Future<?> unused = connection.unsafeWrite(bytes, false);
        }

        @Override
        public void cancel(Throwable cause) {
            bytes.release();
        }
    }

    private record Gathering(Flushes.OfSocket leaving, String text) implements MessageWrite {
        @Override
        public void write() {
            leaving.add(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void cancel(Throwable cause) {}
    }

    static void encode(byte[] utf8, ByteBuf out) {
        out.writeByte(FINAL_TEXT);
        if (utf8.length <= BYTES_IN_ONE_BYTE_MAX) {
            out.writeByte(utf8.length);
        } else {
            out.writeByte(TWO_BYTES_FOLLOW).writeShort(utf8.length);
        }
        out.writeBytes(utf8);
    }

    /** It will not be written any more. */
    @Override
    public void close() {
        if (encoded != null) {
            encoded.release();
        }
    }
}
