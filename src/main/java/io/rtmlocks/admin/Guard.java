// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what below {@code /admin}.
 *
 * <pre>
 * management.token | management.host | pages                       | calls
 * -----------------+-----------------+-----------------------------+---------------------------------
 * set              | any             | everybody: no secret in them| who brings the token, else 401
 * not set          | loopback        | Host is loopback, else 403  | the same
 * not set          | any other       | nobody: 403                 | nobody: 403
 * </pre>
 *
 * The Host is looked at because a page of a foreign name that resolves to this machine could read what it asks for. Calls that
 * change something must be JSON, which no form of a foreign page can send, and must not come from a foreign page.
 */
final class Guard {
    static final String BY_TOKEN = "token";
    static final String BY_LOOPBACK = "loopback";

    private static final String BEARER = "bearer ";

    private final boolean isLoopback;
    private final byte @Nullable [] tokenDigest;

    Guard(AdminSettings settings) {
        this.isLoopback = settings.isLoopback();
        this.tokenDigest = settings.token().isEmpty() ? null : digest(settings.token());
    }

    /** @throws AdminException when nothing below {@code /admin} is for whoever asks */
    void checkPage(HttpServerRequest request) {
        if (tokenDigest != null) {
            return;
        }
        if (!isLoopback) {
            throw new AdminException(
                    403,
                    "administration is closed: set management.token (RTM_MANAGEMENT_TOKEN), or management.host to 127.0.0.1");
        }
        HostAndPort host = request.authority();
        if (host == null || !isLoopback(host.host())) {
            throw new AdminException(
                    403, "without management.token ask for http://127.0.0.1 or http://localhost, by no other name");
        }
    }

    /**
     * @return who calls
     * @throws AdminException when it may not
     */
    String checkCall(HttpServerRequest request, Route route) {
        checkPage(request);
        if (tokenDigest != null && !bringsToken(request, tokenDigest)) {
            throw new AdminException(
                    401, "send the header Authorization: Bearer TOKEN, with management.token of the node");
        }
        if (route.changesState()) {
            checkSource(request);
        }
        return tokenDigest == null ? BY_LOOPBACK : BY_TOKEN;
    }

    private static boolean bringsToken(HttpServerRequest request, byte[] expected) {
        String header = request.getHeader("Authorization");
        return header != null
                && header.toLowerCase(Locale.ROOT).startsWith(BEARER)
                && MessageDigest.isEqual(expected, digest(header.substring(BEARER.length())));
    }

    private static void checkSource(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        if (type == null || !type.toLowerCase(Locale.ROOT).matches("application/json\\s*(;.*)?")) {
            throw new AdminException(415, "send the header Content-Type: application/json");
        }
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        boolean isForeign = (site != null && !site.equals("same-origin") && !site.equals("none"))
                || (origin != null && !isOwn(origin, request.authority()));
        if (isForeign) {
            throw new AdminException(403, "a page of another origin may not do that: use /admin of this node");
        }
    }

    private static boolean isOwn(String origin, @Nullable HostAndPort host) {
        return host != null && (origin.equals("http://" + host) || origin.equals("https://" + host));
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("[::1]")
                || host.equals("::1")
                || host.matches("127(\\.\\d{1,3}){3}");
    }

    /** Of equal length whatever the text, so that the time to compare them tells nothing. */
    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
