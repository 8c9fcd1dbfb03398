// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * When what was written to the sockets of a gateway leaves: at the end of the turn of its event loop, all of a socket at once.
 *
 * <p>The first that leaves mostly wakes a sleeping thread somewhere, which takes longer than all the work before it. So who goes
 * first matters: those who lost a lock or have waited for one, in the order in which they were told, then the others in theirs. What
 * one socket is told stays in order. Confined to the gateway's context.
 */
final class Flushes {

    static final int FRAMES_OF_A_SOCKET_MAX = 256;

    private final Executor endOfTurn;
    private final Queue<OfSocket> first = new ArrayDeque<>();
    private final Queue<OfSocket> others = new ArrayDeque<>();
    private boolean isEndDue;

    /** @param endOfTurn runs what it is given on the gateway's context, after what is to be run there already */
    Flushes(Executor endOfTurn) {
        this.endOfTurn = endOfTurn;
    }

    private void atEnd(Queue<OfSocket> when, OfSocket socket) {
        when.add(socket);
        if (!isEndDue) {
            isEndDue = true;
            endOfTurn.execute(this::end);
        }
    }

    private void end() {
        isEndDue = false;
        flushAll(first);
        flushAll(others);
    }

    private static void flushAll(Queue<OfSocket> sockets) {
        for (OfSocket next = sockets.poll(); next != null; next = sockets.poll()) {
            next.letGo();
        }
    }

    /** Holds back what one socket is told; to be the first in its pipeline. */
    final class OfSocket extends ChannelOutboundHandlerAdapter {
        private @Nullable ChannelHandlerContext held;
        private int frames;

        /** What the socket is told in this turn leaves before what others are. */
        void goFirst() {
            atEnd(first, this);
        }

        @Override
        public void flush(ChannelHandlerContext socket) {
            frames++;
            if (frames == 1) {
                held = socket;
                atEnd(others, this);
            } else if (frames == FRAMES_OF_A_SOCKET_MAX || !socket.channel().isWritable()) {
                letGo();
            }
        }

        @Override
        public void close(ChannelHandlerContext socket, ChannelPromise closed) {
            letGo();
            Future<?> unused = socket.close(closed);
        }

        private void letGo() {
            ChannelHandlerContext socket = held;
            if (socket != null) {
                held = null;
                frames = 0;
                socket.flush();
            }
        }
    }
}
