// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.vertx.core.http.HttpMethod;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every call of the JSON API: its method, and its path below {@link #ROOT}. */
enum Route {
    NODES(HttpMethod.GET, "nodes"),
    SHARDS(HttpMethod.GET, "shards"),
    CHANNELS(HttpMethod.GET, "channels"),
    LOCKS(HttpMethod.GET, "locks"),
    LOCK(HttpMethod.GET, "locks/{channelType}/{channel}/{lockName}"),
    ACTIONS(HttpMethod.GET, "actions"),
    REVOKE(HttpMethod.POST, "locks/{channelType}/{channel}/{lockName}/revoke"),
    REMOVE(HttpMethod.POST, "locks/{channelType}/{channel}/{lockName}/remove"),
    DISCONNECT(HttpMethod.POST, "disconnect"),
    DRAIN(HttpMethod.POST, "nodes/{node}/drain");

    static final String ROOT = "/admin/api/v1/";

    @SuppressWarnings("ImmutableEnumChecker") // it never changes
    private final HttpMethod method;

    private final String path;

    Route(HttpMethod method, String path) {
        this.method = method;
        this.path = path;
    }

    /**
     * A call, with what stands in the places of its path.
     *
     * @param places by their names
     */
    record Match(Route route, Map<String, String> places) {}

    /**
     * @param path as it was sent
     * @throws AdminException when there is no such call
     */
    static Match of(HttpMethod method, String path) {
        List<String> segments = Arrays.asList(path.substring(ROOT.length()).split("/", -1));
        String allowed = "";
        for (Route route : values()) {
            Map<String, String> places = route.places(segments);
            if (places != null && route.method.equals(method)) {
                return new Match(route, places);
            }
            allowed = places == null ? allowed : route.method.name();
        }
        throw allowed.isEmpty()
                ? new AdminException(404, "there is no such call: /admin/openapi.yaml lists all")
                : new AdminException(405, "this call is a " + allowed);
    }

    private @Nullable Map<String, String> places(List<String> segments) {
        String[] own = path.split("/");
        if (own.length != segments.size()) {
            return null;
        }
        Map<String, String> places = new HashMap<>();
        for (int i = 0; i < own.length; i++) {
            if (own[i].startsWith("{")) {
                places.put(own[i].substring(1, own[i].length() - 1), decoded(segments.get(i)));
            } else if (!own[i].equals(segments.get(i))) {
                return null;
            }
        }
        return places;
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw AdminException.bad("the path has a % that is not followed by two hexadecimal digits");
        }
    }

    boolean changesState() {
        return method.equals(HttpMethod.POST);
    }

    /** As {@code openapi.yaml} writes it. */
    String documented() {
        return method.name() + " " + ROOT + path;
    }
}
