// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may connect: those of this server, and those of the origins that are listed. Scheme, host and port must be the
 * same; letters of either case are the same in scheme and host, and a port that is not named is that of the scheme (RFC 6454).
 */
final class Origins {

    /** Scheme, host and port of a page. */
    private record Origin(String scheme, String host, int port) {
        private static final Pattern FORM =
                Pattern.compile("(https?)://([a-z0-9._-]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?");
        private static final Set<String> LOOPBACK_HOSTS = Set.of("localhost", "127.0.0.1", "[::1]");

        static @Nullable Origin parse(String text) {
            Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
            if (!form.matches()) {
                return null;
            }
            String port = form.group(3);
            int usual = form.group(1).equals("https") ? 443 : 80;
            return new Origin(form.group(1), form.group(2), port == null ? usual : Integer.parseInt(port));
        }

        boolean isLoopback() {
            return LOOPBACK_HOSTS.contains(host);
        }
    }

    private final Set<Origin> allowed;
    private final boolean loopbackIsAllowed;

    /** @param allowed each an origin, or {@link GatewaySettings#LOOPBACK} */
    Origins(Iterable<String> allowed) {
        List<String> all = StreamSupport.stream(allowed.spliterator(), false).toList();
        this.loopbackIsAllowed = all.contains(GatewaySettings.LOOPBACK);
        this.allowed = all.stream()
                .filter(each -> !each.equals(GatewaySettings.LOOPBACK))
                .map(Origin::parse)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * @param claimed every origin that the request names; none for a client that is no browser
     * @param host the host and port that the client connected to, as its request says
     * @param isEncrypted whether it came by TLS. If not, it may have come by TLS to a proxy before us
     */
    boolean allow(List<String> claimed, @Nullable String host, boolean isEncrypted) {
        if (claimed.isEmpty()) {
            return true;
        }
        Origin origin = claimed.size() == 1 ? Origin.parse(claimed.get(0)) : null;
        return origin != null
                && (allowed.contains(origin)
                        || (loopbackIsAllowed && origin.isLoopback())
                        || isSame(origin, host, isEncrypted));
    }

    private static boolean isSame(Origin origin, @Nullable String host, boolean isEncrypted) {
        boolean fits = !isEncrypted || origin.scheme.equals("https");
        return fits && host != null && origin.equals(Origin.parse(origin.scheme + "://" + host));
    }
}
