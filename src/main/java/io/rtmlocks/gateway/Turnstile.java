// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.rtmlocks.telemetry.Limit;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Stands before what listens, on its thread: a connection that may not begin ends here, before anything but the kernel has spent
 * anything on it; not even TLS begins.
 *
 * <p>Of those that may, one and a {@value #ONE_IN}th of those who wait pass in each turn of the loop that serves: of a crowd,
 * those who are served already wait for a few and not for all, and a slow loop still catches up. Who waits is bounded by
 * {@link Arrivals}.
 */
final class Turnstile extends ChannelInboundHandlerAdapter {

    private static final int ONE_IN = 128;

    private final Arrivals arrivals;
    private final LongSupplier monotonicMillis;
    private final Consumer<Limit> refused;
    private final Executor turns;
    private final Queue<Channel> waiting = new ArrayDeque<>();
    private boolean isTurnTaken;

    /**
     * @param refused told of each; called on the thread of what listens
     * @param turns the loop that serves connections; runs each action after all that it was given before
     */
    Turnstile(Arrivals arrivals, LongSupplier monotonicMillis, Consumer<Limit> refused, Executor turns) {
        this.arrivals = arrivals;
        this.monotonicMillis = monotonicMillis;
        this.refused = refused;
        this.turns = turns;
    }

    /** @param accepted the connection, of which nobody else knows yet */
    @Override
    public void channelRead(ChannelHandlerContext listening, Object accepted) {
        Channel connection = (Channel) accepted;
        InetSocketAddress from = (InetSocketAddress) connection.remoteAddress();
        Limit refusal = arrivals.arrived(from.getAddress().getHostAddress(), monotonicMillis.getAsLong());
        if (refusal == null) {
            waiting.add(connection);
            pass(listening);
            return;
        }
        refused.accept(refusal);
        sendAway(connection);
    }

    private void pass(ChannelHandlerContext listening) {
        if (isTurnTaken || waiting.isEmpty()) {
            return;
        }
        isTurnTaken = true;
        for (int now = 1 + waiting.size() / ONE_IN; now > 0; now--) {
            listening.fireChannelRead(waiting.remove());
        }
        turns.execute(() -> listening.executor().execute(() -> {
            isTurnTaken = false;
            pass(listening);
        }));
    }

    /** Without a farewell, for which the kernel would keep the place for a minute. */
    private static void sendAway(Channel connection) {
        connection.config().setOption(ChannelOption.SO_LINGER, 0);
        connection.unsafe().closeForcibly();
    }

    /** Nobody listens any more. */
    @Override
    public void channelInactive(ChannelHandlerContext listening) {
        waiting.forEach(Turnstile::sendAway);
        waiting.clear();
        listening.fireChannelInactive();
    }
}
