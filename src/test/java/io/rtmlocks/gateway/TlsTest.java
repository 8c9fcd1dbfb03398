// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.rtmlocks.Config;
import io.rtmlocks.ConfigException;
import io.rtmlocks.ops.Scrape;
import io.rtmlocks.tls.Certificates;
import io.rtmlocks.tls.ReloadedCredentials;
import io.vertx.core.Future;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** With a certificate clients connect over TLS only, and a new one is shown to new connections while the others go on. */
class TlsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SEEN_OFTEN = Duration.ofSeconds(6);

    @TempDir
    private Path directory;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private RunningNode node;
    private Path certificate;
    private Path key;

    @BeforeEach
    void start() throws Exception {
        log.start();
        logger().addAppender(log);
        certificate = directory.resolve("tls.pem");
        key = directory.resolve("tls.key");
        replaceBy(new Certificates(directory, "first"));
        node = RunningNode.with("http.tlsCertificate", certificate.toString(), "http.tlsKey", key.toString());
    }

    @AfterEach
    void end() {
        node.close();
        logger().detachAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(ReloadedCredentials.class);
    }

    private void replaceBy(Certificates other) throws Exception {
        Files.copy(other.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(other.key(), key, StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void a_renewed_certificate_is_shown_to_new_connections_and_a_client_stays() throws Exception {
        WebSocketClient webSockets = node.vertx()
                .createWebSocketClient(new WebSocketClientOptions()
                        .setSsl(true)
                        .setTrustAll(true)
                        .setVerifyHost(false));
        TestClient alice = TestClient.connect(
                webSockets,
                new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(node.port())
                        .setSsl(true)
                        .setAllowOriginHeader(false)
                        .setURI("/rtm"));
        alice.login("alice");
        assertThat(shown()).isEqualTo("CN=first");

        replaceBy(new Certificates(directory, "second"));

        await().atMost(PATIENCE).until(() -> shown().equals("CN=second"));
        assertThat(alice.call("ping").getInteger("errorCode")).isZero();
    }

    @Test
    void an_expired_certificate_is_not_taken() throws Exception {
        replaceBy(new Certificates(directory, "expired", "-3d", 2));

        await().atMost(PATIENCE).until(() -> !log.list.isEmpty());

        assertThat(log.list.get(0).getFormattedMessage() + log.list.get(0).getKeyValuePairs())
                .contains("goes on", "its certificate expired at");
        assertThat(shown()).isEqualTo("CN=first");
    }

    @Test
    void a_certificate_that_ends_soon_is_taken_and_one_that_cannot_be_used_changes_nothing_and_each_is_said_once()
            throws Exception {
        replaceBy(new Certificates(directory, "short", "-1d", 3));
        await().atMost(PATIENCE).until(() -> said("ends within a week") > 0);
        Files.copy(
                new Certificates(directory, "third").certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
        await().atMost(PATIENCE).until(() -> said("it is not the key of the certificate") > 0);

        await().during(SEEN_OFTEN)
                .atMost(PATIENCE)
                .until(() -> said("ends within a week") == 1 && said("goes on") == 1);
        assertThat(shown()).isEqualTo("CN=short");
    }

    private long said(String words) {
        return List.copyOf(log.list).stream()
                .filter(each -> (each.getFormattedMessage() + each.getKeyValuePairs()).contains(words))
                .count();
    }

    @Test
    void tls_older_than_1_2_is_refused() {
        assertThat(RunningNode.await(handshake(tls().setEnabledSecureTransportProtocols(Set.of("TLSv1.2")))))
                .isNotNull();
        assertThatThrownBy(
                        () -> RunningNode.await(handshake(tls().setEnabledSecureTransportProtocols(Set.of("TLSv1.1")))))
                .isInstanceOf(IllegalStateException.class);
    }

    /** Else whoever connects could make the node calculate. */
    @Test
    void connections_that_come_too_fast_end_before_tls_begins() throws Exception {
        node.close();
        node = RunningNode.with(
                "limits.handshakesPerSecondPerAddress",
                "5",
                "http.tlsCertificate",
                certificate.toString(),
                "http.tlsKey",
                key.toString());
        shown();
        List<RawClient> silent = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            for (int i = 0; i < 100; i++) {
                silent.add(new RawClient(node.port()));
            }
            return Scrape.of(node.node().managementPort()).value("rtm_refusals_total{limit=\"handshakes_per_address\"}")
                    > 0;
        });
        silent.forEach(RawClient::close);
    }

    @Test
    void a_key_of_another_certificate_is_a_mistake_of_the_configuration() throws Exception {
        Path others = new Certificates(directory, "fourth").key();

        assertThatThrownBy(() -> Config.of(
                        Map.of("http.tlsCertificate", certificate.toString(), "http.tlsKey", others.toString())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("http.tlsKey")
                .hasMessageContaining("not the key of the certificate");
    }

    private static NetClientOptions tls() {
        return new NetClientOptions().setSsl(true).setTrustAll(true).setHostnameVerificationAlgorithm("");
    }

    private Future<NetSocket> handshake(NetClientOptions options) {
        return node.vertx().createNetClient(options).connect(node.port(), "127.0.0.1");
    }

    /** Whose certificate a new connection sees: looked at before anything else can become of the connection. */
    private String shown() throws Exception {
        Future<String> seen = handshake(tls()).compose(socket -> {
            try {
                X509Certificate first = (X509Certificate) socket.sslSession().getPeerCertificates()[0];
                return socket.close().map(first.getSubjectX500Principal().getName());
            } catch (SSLPeerUnverifiedException e) {
                return Future.failedFuture(e);
            }
        });
        return RunningNode.await(seen);
    }
}
