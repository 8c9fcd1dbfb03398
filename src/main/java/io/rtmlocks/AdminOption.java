// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the administration of a node is, for every command that asks it. */
final class AdminOption {
    private static final Duration WAIT = Duration.ofSeconds(10);

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:9080",
            description = "The management port of any node; ${DEFAULT-VALUE} by default.")
    private URI url = URI.create("");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "management.token of the node; better in RTM_MANAGEMENT_TOKEN, where no list of processes shows it.")
    private @Nullable String token;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** It did not work; the message says why, and what to do. */
    static final class NoAnswerException extends Exception {
        private static final long serialVersionUID = 1L;

        NoAnswerException(String message) {
            super(message);
        }
    }

    /** @param path below the root of the API, with its query */
    JsonObject get(Map<String, String> environment, String path) throws NoAnswerException, InterruptedException {
        return call(request(environment, path).GET().build());
    }

    JsonObject post(Map<String, String> environment, String path, JsonObject body)
            throws NoAnswerException, InterruptedException {
        return call(request(environment, path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.encode()))
                .build());
    }

    private HttpRequest.Builder request(Map<String, String> environment, String path) {
        if (!isHttp(url)) {
            throw new ParameterException(spec.commandLine(), "--url " + url + ": it looks like http://HOST:PORT");
        }
        String root = url.toString().replaceAll("/+$", "");
        String bearer = token == null ? environment.get(ConfigKey.MANAGEMENT_TOKEN.variable()) : token;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + "/admin/api/v1/" + path))
                .timeout(WAIT);
        return bearer == null || bearer.isEmpty() ? request : request.header("Authorization", "Bearer " + bearer);
    }

    /** Whether something could answer there at all. */
    static boolean isHttp(URI url) {
        String scheme = String.valueOf(url.getScheme());
        return (scheme.equals("http") || scheme.equals("https"))
                && url.getHost() != null
                && !url.getHost().isEmpty();
    }

    private JsonObject call(HttpRequest request) throws NoAnswerException, InterruptedException {
        try {
            HttpClient http = HttpClient.newBuilder().connectTimeout(WAIT).build();
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            JsonObject answer = new JsonObject(response.body());
            if (response.statusCode() != 200) {
                throw new NoAnswerException(answer.getString("error", "the node answered " + response.statusCode()));
            }
            return answer;
        } catch (IOException e) {
            throw new NoAnswerException(
                    "No answer from " + url + " (" + e + "): is a node running, and is this its management port?");
        } catch (DecodeException e) {
            throw new NoAnswerException("What answers at " + url + " is no rtm-locks: see --url");
        }
    }

    /** One part of a path or query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
