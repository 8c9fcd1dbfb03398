// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** Calls the administration of a node over HTTP; each answer must be what the description says. */
public final class Operator {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final OpenApi API = new OpenApi();

    private final String root;
    private final String[] headers;
    private final Set<Route> called = EnumSet.noneOf(Route.class);

    /** @param headers names and values in turn, sent with every call */
    public Operator(int port, String... headers) {
        this.root = "http://127.0.0.1:" + port;
        this.headers = headers;
    }

    record Reply(int status, JsonObject body) {
        String error() {
            return body.getString("error");
        }
    }

    Set<Route> called() {
        return called;
    }

    public JsonObject get(String path) {
        return succeed(send("GET", path, null));
    }

    public JsonObject post(String path, JsonObject body) {
        return succeed(send("POST", path, body.encode(), "Content-Type", "application/json"));
    }

    private static JsonObject succeed(Reply reply) {
        assertThat(reply.status()).as(reply.body().encode()).isEqualTo(200);
        return reply.body();
    }

    Reply send(String method, String path, String body, String... more) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + Route.ROOT + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (String[] pairs : new String[][] {headers, more}) {
            if (pairs.length > 0) {
                request.headers(pairs);
            }
        }
        HttpResponse<String> response = send(request.build());
        JsonObject answer = new JsonObject(response.body());
        Route route = route(method, path);
        if (route != null) {
            called.add(route);
            API.check(route, response.statusCode(), answer);
        }
        return new Reply(response.statusCode(), answer);
    }

    HttpResponse<String> page(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(request + ": " + e, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Route route(String method, String path) {
        try {
            return Route.of(HttpMethod.valueOf(method), Route.ROOT + path.split("\\?")[0])
                    .route();
        } catch (AdminException e) {
            return null;
        }
    }
}
