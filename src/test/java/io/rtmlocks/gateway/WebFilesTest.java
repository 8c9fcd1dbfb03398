// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the port of the clients serves besides WebSockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebFilesTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private RunningNode node;

    @BeforeAll
    void start() {
        node = RunningNode.with();
    }

    @AfterAll
    void stop() {
        node.close();
    }

    private HttpResponse<String> ask(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + node.port() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource({
        "/,                 text/html; charset=utf-8",
        "/nodes.json,       application/json",
        "/js/main.js,       text/javascript; charset=utf-8",
        "/sdk/rtm-locks.js, text/javascript; charset=utf-8",
    })
    void files_are_read_and_asked_about(String path, String type) throws IOException, InterruptedException {
        HttpResponse<String> whole = ask("GET", path);
        HttpResponse<String> head = ask("HEAD", path);

        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.headers().firstValue("content-type")).hasValue(type);
        assertThat(whole.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(whole.body()).isNotEmpty();
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers()).isEqualTo(whole.headers());
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/js", "/js/", "/nothing.html", "/..%2fpom.xml", "/META-INF/MANIFEST.MF", "/sdk/"})
    void what_is_no_file_is_not_found(String path) throws IOException, InterruptedException {
        assertThat(ask("GET", path).statusCode()).isEqualTo(404);
        assertThat(ask("HEAD", path).statusCode()).isEqualTo(404);
    }

    @Test
    void nothing_is_written() throws IOException, InterruptedException {
        assertThat(ask("POST", "/").statusCode()).isEqualTo(405);
        assertThat(ask("PUT", "/sdk/rtm-locks.js").statusCode()).isEqualTo(405);
    }
}
