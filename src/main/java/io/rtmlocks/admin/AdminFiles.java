// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The page at {@code /admin} and the description of its API; few and small, so they are read once. */
final class AdminFiles {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "yaml", "application/yaml; charset=utf-8",
            "svg", "image/svg+xml");

    private static final Map<String, Buffer> FILES = Map.ofEntries(
                    file("", "index.html"),
                    Map.entry("/admin/colours.css", "/web-demo/css/colours.css"),
                    file("admin.css"),
                    file("admin.js"),
                    file("api.js"),
                    file("dom.js"),
                    file("views.js"),
                    file("lock-view.js"),
                    file("favicon.svg"),
                    file("openapi.yaml"))
            .entrySet()
            .stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, each -> read(each.getValue())));

    private static final String ROOT = "/admin";

    private AdminFiles() {}

    private static Map.Entry<String, String> file(String name) {
        return file(name, name);
    }

    private static Map.Entry<String, String> file(String path, String name) {
        return Map.entry("/admin/" + path, "/admin/" + name);
    }

    private static Buffer read(String name) {
        try (InputStream in = Objects.requireNonNull(AdminFiles.class.getResourceAsStream(name), name)) {
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void serve(HttpServerRequest request) {
        String path = request.path();
        Buffer content = FILES.get(path);
        if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
            throw new AdminException(405, "only GET and HEAD are answered here");
        }
        if (path.equals(ROOT)) {
            request.response()
                    .setStatusCode(302)
                    .putHeader("location", "/admin/")
                    .end();
        } else if (content == null) {
            throw new AdminException(404, "there is no such page: see /admin/");
        } else {
            String type = path.endsWith("/") ? "html" : path.substring(path.lastIndexOf('.') + 1);
            HttpServerResponse response = request.response()
                    .putHeader("content-type", Objects.requireNonNull(TYPES.get(type), type))
                    .putHeader("content-length", String.valueOf(content.length()));
            if (request.method().equals(HttpMethod.HEAD)) {
                response.end();
            } else {
                response.end(content);
            }
        }
    }
}
