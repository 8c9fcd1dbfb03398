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
 * A text for one socket or many, encoded once: a server's frame is not masked, so each gets the same bytes (RFC 6455 §5.2).
 *
 * <p>A long text is left to the library, which may split it; so is any text for a socket of another make.
 */
final class TextFrame implements AutoCloseable {

    private static final int FINAL_TEXT = 0x81;
    private static final int BYTES_IN_ONE_BYTE_MAX = 125;
    private static final int TWO_BYTES_FOLLOW = 126;
    private static final int HEAD_BYTES_MAX = 4;

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
        ChannelHandler end =
                ((WebSocketInternal) socket).channelHandlerContext().handler();
        if (text.length() > CHARACTERS_MAX || !(end instanceof VertxHandler<?> library)) {
            socket.writeTextMessage(text);
            return;
        }
        if (encoded == null) {
            encoded = encode(text.getBytes(StandardCharsets.UTF_8));
        }
        VertxConnection connection = library.getConnection();
        connection.writeToChannel(new Write(connection, encoded.retainedDuplicate()));
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

    private static ByteBuf encode(byte[] utf8) {
        ByteBuf frame = ByteBufAllocator.DEFAULT.directBuffer(HEAD_BYTES_MAX + utf8.length);
        frame.writeByte(FINAL_TEXT);
        if (utf8.length <= BYTES_IN_ONE_BYTE_MAX) {
            frame.writeByte(utf8.length);
        } else {
            frame.writeByte(TWO_BYTES_FOLLOW).writeShort(utf8.length);
        }
        return frame.writeBytes(utf8);
    }

    /** It will not be written any more. */
    @Override
    public void close() {
        if (encoded != null) {
            encoded.release();
        }
    }
}
