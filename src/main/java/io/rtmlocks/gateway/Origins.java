// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which pages may connect: those of this server, and those that are listed, to the letter. */
final class Origins {

    private static final Set<String> LOOPBACK_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> allowed;

    Origins(Iterable<String> allowed) {
        this.allowed = new HashSet<>();
        allowed.forEach(this.allowed::add);
    }

    /**
     * @param origin the page's origin, null for a client that is no browser
     * @param host the host and port that the client connected to
     */
    boolean allows(@Nullable String origin, @Nullable String host) {
        if (origin == null || allowed.contains(origin)) {
            return true;
        }
        try {
            URI uri = new URI(origin);
            boolean isSame = host != null && host.equalsIgnoreCase(uri.getAuthority());
            return isSame || (allowed.contains(GatewaySettings.LOOPBACK) && isLoopback(uri.getHost()));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean isLoopback(@Nullable String host) {
        return host != null && LOOPBACK_HOSTS.contains(host);
    }
}
