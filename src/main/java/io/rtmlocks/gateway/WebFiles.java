// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pages and scripts that travel in the jar: the demo at {@code /}, the SDK under {@code /sdk} (PROTOCOL.md §7).
 * They are few and small: each is read once and kept. What the jar does not hold is not found.
 */
final class WebFiles {

    private static final String POLICY = "default-src 'self'; connect-src 'self' ws: wss:; frame-ancestors 'none'";

    private static final String DEMO = "/web-demo";

    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;

    /** Only these are served, so that a directory never is. */
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "ts", "text/plain; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml");

    private final Vertx vertx;
    private final Map<String, Buffer> files = new ConcurrentHashMap<>();

    private WebFiles(Vertx vertx) {
        this.vertx = vertx;
    }

    /** @param demoNodes told in place of what the file in the jar says, if there are any */
    static Router router(Vertx vertx, DemoNodes demoNodes) {
        WebFiles files = new WebFiles(vertx);
        if (!demoNodes.nodes().isEmpty()) {
            files.files.put(DEMO + "/nodes.json", demoNodes.toJson());
        }
        Router router = Router.router(vertx);
        router.errorHandler(SERVER_ERROR, WebFiles::refuse);
        reading(router, "/*").handler(WebFiles::guard);
        reading(router, "/sdk/*").handler(WebFiles::forEverybody).handler(routing -> files.serve(routing, ""));
        reading(router, "/*").handler(routing -> files.serve(routing, DEMO));
        return router;
    }

    private static Route reading(Router router, String path) {
        return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
    }

    private static void guard(RoutingContext routing) {
        routing.response()
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        routing.next();
    }

    /** What fails before a file is read is a request that is not well formed. */
    private static void refuse(RoutingContext routing) {
        routing.response().setStatusCode(BAD_REQUEST).end();
    }

    /** The SDK may be imported by pages of any origin. */
    private static void forEverybody(RoutingContext routing) {
        routing.response().putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        routing.next();
    }

    private void serve(RoutingContext routing, String root) {
        String path = root + routing.normalizedPath();
        String name = path.endsWith("/") ? path + "index.html" : path;
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || name.contains("..")) {
            routing.fail(NOT_FOUND);
            return;
        }
        routing.response().putHeader(HttpHeaders.CONTENT_TYPE, type);
        content(name)
                .onSuccess(found -> found.ifPresentOrElse(
                        content -> end(routing.response(), content), () -> routing.fail(NOT_FOUND)))
                .onFailure(e -> routing.fail(UNAVAILABLE, e));
    }

    /** Who asked by HEAD is told the length as well. */
    private static void end(HttpServerResponse response, Buffer content) {
        response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(content.length()))
                .end(content);
    }

    private Future<Optional<Buffer>> content(String name) {
        Buffer kept = files.get(name);
        return kept != null ? Future.succeededFuture(Optional.of(kept)) : vertx.executeBlocking(() -> read(name));
    }

    private Optional<Buffer> read(String name) throws IOException {
        try (InputStream file = WebFiles.class.getResourceAsStream(name)) {
            if (file == null) {
                return Optional.empty();
            }
            Buffer content = Buffer.buffer(file.readAllBytes());
            files.put(name, content);
            return Optional.of(content);
        }
    }
}
