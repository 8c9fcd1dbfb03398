// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;

/** The pages and scripts that travel in the jar: the demo at {@code /}, the SDK under {@code /sdk} (PROTOCOL.md §7). */
final class WebFiles {

    private static final String POLICY = "default-src 'self'; connect-src 'self' ws: wss:; frame-ancestors 'none'";

    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    private WebFiles() {}

    static Router router(Vertx vertx) {
        Router router = Router.router(vertx);
        router.errorHandler(SERVER_ERROR, WebFiles::refuse);
        router.get().handler(WebFiles::guard);
        router.get("/sdk/*").handler(WebFiles::forEverybody).handler(files("sdk"));
        router.get("/*").handler(files("web-demo"));
        return router;
    }

    private static StaticHandler files(String root) {
        return StaticHandler.create(root).setCachingEnabled(false).setDirectoryListing(false);
    }

    private static void guard(RoutingContext routing) {
        routing.response()
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer");
        routing.next();
    }

    /** These handlers only find files: what fails in them is a request that is not well formed. */
    private static void refuse(RoutingContext routing) {
        routing.response().setStatusCode(BAD_REQUEST).end();
    }

    /** The SDK may be imported by pages of any origin. */
    private static void forEverybody(RoutingContext routing) {
        routing.response().putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        routing.next();
    }
}
