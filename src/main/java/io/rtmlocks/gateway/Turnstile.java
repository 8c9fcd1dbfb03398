// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.rtmlocks.telemetry.Limit;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Stands before what listens, on its thread: a connection that may not begin ends here, before anything but the kernel has spent
 * anything on it; not even TLS begins.
 */
final class Turnstile extends ChannelInboundHandlerAdapter {

    private final Arrivals arrivals;
    private final LongSupplier monotonicMillis;
    private final Consumer<Limit> refused;

    /** @param refused told of each; called on the thread of what listens */
    Turnstile(Arrivals arrivals, LongSupplier monotonicMillis, Consumer<Limit> refused) {
        this.arrivals = arrivals;
        this.monotonicMillis = monotonicMillis;
        this.refused = refused;
    }

    /** @param accepted the connection, of which nobody else knows yet */
    @Override
    public void channelRead(ChannelHandlerContext listening, Object accepted) {
        Channel connection = (Channel) accepted;
        InetSocketAddress from = (InetSocketAddress) connection.remoteAddress();
        Limit refusal = arrivals.arrived(from.getAddress().getHostAddress(), monotonicMillis.getAsLong());
        if (refusal == null) {
            listening.fireChannelRead(accepted);
            return;
        }
        refused.accept(refusal);
        sendAway(connection);
    }

    /** Without a farewell, for which the kernel would keep the place for a minute. */
    private static void sendAway(Channel connection) {
        connection.config().setOption(ChannelOption.SO_LINGER, 0);
        connection.unsafe().closeForcibly();
    }
}
