// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.telemetry.Limit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many connections come in, and how fast, in all and from each address.
 *
 * <p>Who is over a bound of its address, or comes too fast, is refused before the upgrade. Far over the bound a connection is
 * not even listened to: {@link #opened}. An address is forgotten when it has no connection and is not held back any more, so
 * memory is bounded by the connections. Pure; confined to one context.
 */
final class Doors {

    private static final int SPARE_ONE_IN = 8;
    private static final int SPARE_MIN = 16;
    private static final int IPV6_GROUPS = 4;

    private final GatewaySettings.Doors bounds;
    private final RateLimit handshakes;
    private final Map<String, Guest> guests = new HashMap<>();
    private int open;

    Doors(GatewaySettings.Doors bounds, long nowMillis) {
        this.bounds = bounds;
        this.handshakes = new RateLimit(bounds.handshakesPerSecond(), nowMillis);
    }

    /** @return null, or why this connection is to be ended at once; otherwise it is counted until {@link #closed} */
    @Nullable
    Limit opened(String address, long nowMillis) {
        if (open >= withSpare(bounds.connections())) {
            return Limit.CONNECTIONS;
        }
        Guest guest = guests.computeIfAbsent(keyOf(address), key -> new Guest(nowMillis));
        if (isOver(guest.connections, withSpare(bounds.connectionsPerAddress()) - 1)) {
            return Limit.CONNECTIONS_PER_ADDRESS;
        }
        open++;
        guest.connections++;
        return null;
    }

    void closed(String address) {
        open--;
        Guest guest = guests.get(keyOf(address));
        if (guest != null) {
            guest.connections--;
        }
    }

    /** @return null, or why a counted connection may not become a WebSocket now */
    @Nullable
    Limit handshake(String address, long nowMillis) {
        Guest guest = guests.get(keyOf(address));
        if (guest != null && isOver(guest.connections, bounds.connectionsPerAddress())) {
            return Limit.CONNECTIONS_PER_ADDRESS;
        }
        if (guest != null && !guest.handshakes.allows(nowMillis)) {
            return Limit.HANDSHAKES_PER_ADDRESS;
        }
        return handshakes.allows(nowMillis) ? null : Limit.HANDSHAKES_PER_SECOND;
    }

    /** Forgets addresses that nobody is connected from. */
    void sweep(long nowMillis) {
        guests.values().removeIf(guest -> guest.connections == 0 && guest.handshakes.isFull(nowMillis));
    }

    /** How many addresses are remembered. */
    int addresses() {
        return guests.size();
    }

    private boolean isOver(int connections, int bound) {
        return bounds.connectionsPerAddress() > 0 && connections > bound;
    }

    /** Somewhat more than a bound: as many are listened to, to be told. */
    static int withSpare(int bound) {
        return bound + bound / SPARE_ONE_IN + SPARE_MIN;
    }

    /** A customer of IPv6 has the second half of the address for itself. */
    static String keyOf(String address) {
        String[] groups = address.split(":", -1);
        if (groups.length <= IPV6_GROUPS || address.startsWith("::")) {
            return address;
        }
        StringBuilder network = new StringBuilder();
        for (int i = 0; i < IPV6_GROUPS && !groups[i].isEmpty(); i++) {
            network.append(groups[i]).append(':');
        }
        return network.toString();
    }

    private final class Guest {
        private final RateLimit handshakes;
        private int connections;

        Guest(long nowMillis) {
            handshakes = new RateLimit(bounds.handshakesPerSecondPerAddress(), nowMillis);
        }
    }
}
