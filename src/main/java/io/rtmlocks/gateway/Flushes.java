// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
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
    static final int BYTES_GATHERED_MAX = 32 * 1024;

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

    /**
     * Holds back what one socket is told; to be the one to whom the library's handler writes, so that nothing overtakes what is gathered
     * here.
     */
    final class OfSocket extends ChannelOutboundHandlerAdapter {
        private final List<byte[]> gathered = new ArrayList<>();
        private int gatheredBytes;
        private int frames;
        private @Nullable ChannelHandlerContext network;

        /** What the socket is told in this turn leaves before what others are. */
        void goFirst() {
            atEnd(first, this);
        }

        /** A text for this socket alone: what it is told in a turn becomes one buffer, not a buffer each. */
        void add(byte[] utf8) {
            gathered.add(utf8);
            gatheredBytes += TextFrame.HEAD_BYTES_MAX + utf8.length;
            if (gatheredBytes >= BYTES_GATHERED_MAX) {
                writeGathered();
            }
            leaveLater();
        }

        private void writeGathered() {
            if (network != null && !gathered.isEmpty()) {
                ByteBuf all = network.alloc().directBuffer(gatheredBytes);
                gathered.forEach(utf8 -> TextFrame.encode(utf8, all));
                forget();
                Future<?> unused = network.write(all);
            }
        }

        private void forget() {
            gathered.clear();
            gatheredBytes = 0;
        }

        private void leaveLater() {
            frames++;
            if (frames == 1) {
                atEnd(others, this);
            } else if (frames == FRAMES_OF_A_SOCKET_MAX
                    || (network != null && !network.channel().isWritable())) {
                letGo();
            }
        }

        private void letGo() {
            if (network != null && frames > 0) {
                frames = 0;
                writeGathered();
                network.flush();
            }
        }

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            network = added;
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext removed) {
            network = null;
            forget();
        }

        @Override
        public void write(ChannelHandlerContext socket, Object what, ChannelPromise written) {
            writeGathered();
            Future<?> unused = socket.write(what, written);
        }

        @Override
        public void flush(ChannelHandlerContext socket) {
            leaveLater();
        }

        @Override
        public void close(ChannelHandlerContext socket, ChannelPromise closed) {
            letGo();
            Future<?> unused = socket.close(closed);
        }
    }
}
