// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;

/**
 * How the client of a connection leaves it (PROTOCOL.md §2). Heard where its frames come in: what waits to be read while nothing is
 * read is dropped with the connection, the close frame as well.
 */
final class Farewell extends ChannelInboundHandlerAdapter {

    private static final short LEFT_CODE = 1000;
    private static final short GOING_AWAY_CODE = 1001;

    private ClientSocket.End end = ClientSocket.End.BROKEN;

    ClientSocket.End end() {
        return end;
    }

    @Override
    public void channelRead(ChannelHandlerContext socket, Object message) {
        if (message instanceof CloseWebSocketFrame close) {
            end = endBy(close.content());
        }
        socket.fireChannelRead(message);
    }

    private static ClientSocket.End endBy(ByteBuf closeFrame) {
        short code = closeFrame.readableBytes() < Short.BYTES ? 0 : closeFrame.getShort(closeFrame.readerIndex());
        return switch (code) {
            case LEFT_CODE -> ClientSocket.End.LEFT;
            case GOING_AWAY_CODE -> ClientSocket.End.GOING_AWAY;
            default -> ClientSocket.End.BROKEN;
        };
    }
}
