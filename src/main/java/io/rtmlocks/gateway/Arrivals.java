// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.telemetry.Limit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How fast connections may begin, in all and from each address: somewhat faster than WebSockets may, so that who comes too fast
 * is told so at first.
 *
 * <p>An address is forgotten when it is not held back any more, so memory is bounded by what comes in two seconds. Pure; confined
 * to one thread.
 */
final class Arrivals {

    private static final long SWEEP_MILLIS = 1_000;

    private final int perSecondPerAddress;
    private final RateLimit all;
    private final Map<String, RateLimit> addresses = new HashMap<>();
    private long sweptMillis;

    Arrivals(GatewaySettings.Doors bounds, long nowMillis) {
        this.perSecondPerAddress = rate(bounds.handshakesPerSecondPerAddress());
        this.all = new RateLimit(rate(bounds.handshakesPerSecond()), nowMillis);
        this.sweptMillis = nowMillis;
    }

    private static int rate(int handshakesPerSecond) {
        return handshakesPerSecond == 0 ? 0 : Doors.withSpare(handshakesPerSecond);
    }

    /** @return null, or why a connection from there may not begin now */
    @Nullable
    Limit arrived(String address, long nowMillis) {
        sweep(nowMillis);
        RateLimit own =
                addresses.computeIfAbsent(Doors.keyOf(address), key -> new RateLimit(perSecondPerAddress, nowMillis));
        if (!own.allows(nowMillis)) {
            return Limit.HANDSHAKES_PER_ADDRESS;
        }
        return all.allows(nowMillis) ? null : Limit.HANDSHAKES_PER_SECOND;
    }

    private void sweep(long nowMillis) {
        if (nowMillis - sweptMillis >= SWEEP_MILLIS) {
            sweptMillis = nowMillis;
            addresses.values().removeIf(each -> each.isFull(nowMillis));
        }
    }

    /** How many addresses are remembered. */
    int addresses() {
        return addresses.size();
    }
}
