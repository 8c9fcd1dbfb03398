// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.rtmlocks.gateway.KeyPairs;
import io.rtmlocks.gateway.TokenAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings come from defaults, file and environment, the later over the earlier, and every mistake is named at once. */
class ConfigTest {
    private static final String SECRET = "0123456789012345678901234567890123456789";

    @TempDir
    private Path directory;

    @Test
    void of_nothing_is_a_node_for_this_machine_alone() {
        Config config = Config.of(Map.of());

        assertThat(config.http().host()).isEqualTo("127.0.0.1");
        assertThat(config.http().port()).isEqualTo(8080);
        assertThat(config.management().port()).isEqualTo(9080);
        assertThat(config.auth().mode()).isEqualTo(Config.Auth.Mode.NONE);
        assertThat(config.cluster().shards()).isEqualTo(16);
        assertThat(config.tableLimits()).isEqualTo(io.rtmlocks.lock.Limits.STANDARD);
    }

    static Stream<Arguments> variables() {
        return Stream.of(
                variable("RTM_NODE_NAME", "eu-1", c -> c.node().name()),
                variable("RTM_LOG_FORMAT", "json", c -> c.log().format()),
                variable("RTM_LOG_LEVEL", "debug", c -> c.log().level()),
                variable("RTM_HTTP_HOST", "localhost", c -> c.http().host()),
                variable("RTM_HTTP_PORT", "0", c -> c.http().port()),
                variable(
                        "RTM_HTTP_ALLOWED_ORIGINS",
                        "https://a.example, http://localhost:3000",
                        c -> c.http().allowedOrigins().stream()
                                .reduce((one, other) -> one + ", " + other)
                                .orElse("")),
                variable("RTM_MANAGEMENT_HOST", "0.0.0.0", c -> c.management().host()),
                variable("RTM_MANAGEMENT_PORT", "9", c -> c.management().port()),
                variable("RTM_MANAGEMENT_TOKEN", SECRET, c -> c.management().token()),
                variable("RTM_CLUSTER_HOST", "10.0.0.7", c -> c.cluster().host()),
                variable("RTM_CLUSTER_PORT", "5800", c -> c.cluster().port()),
                variable("RTM_CLUSTER_BUS_PORT", "0", c -> c.cluster().busPort()),
                variable("RTM_CLUSTER_NAME", "trials", c -> c.cluster().name()),
                variable("RTM_CLUSTER_SIZE", "1", c -> c.cluster().size()),
                variable("RTM_CLUSTER_SHARDS", "4", c -> c.cluster().shards()),
                variable("RTM_CLUSTER_SECRET", "s3cret", c -> c.cluster().secret()),
                variable("RTM_AUTH_HMAC_SECRET", SECRET, c -> c.auth().hmacSecret()),
                variable("RTM_LIMITS_ACQUIRE_PER_SECOND", "0", c -> c.limits().acquirePerSecond()),
                variable("RTM_LIMITS_OPS_PER_SECOND", "0", c -> c.limits().opsPerSecond()),
                variable("RTM_LOCK_TTL_MIN_SECONDS", "1", c -> c.lock().ttlMinSeconds()),
                variable("RTM_LOCK_TTL_MAX_SECONDS", "200", c -> c.lock().ttlMaxSeconds()),
                variable("RTM_SESSION_HEARTBEAT_MS", "500", c -> c.session().heartbeatMs()),
                variable(
                        "RTM_SESSION_OFFLINE_AFTER_MS",
                        "10000",
                        c -> c.session().offlineAfterMs()));
    }

    @ParameterizedTest
    @MethodSource("variables")
    void variable_of_the_environment_sets_its_setting(String name, String value, Function<Config, Object> setting) {
        assertThat(setting.apply(load("", Map.of(name, value)))).hasToString(value);
    }

    @Test
    void jwt_with_a_secret_may_listen_anywhere() {
        Config config =
                load("", Map.of("RTM_AUTH_MODE", "jwt", "RTM_AUTH_HMAC_SECRET", SECRET, "RTM_HTTP_HOST", "0.0.0.0"));

        assertThat(config.auth().mode()).isEqualTo(Config.Auth.Mode.JWT);
    }

    @Test
    void a_cluster_knows_its_size_its_own_place_and_a_secret() {
        assertThat(problems("", Map.of("RTM_CLUSTER_MEMBERS", "a:5801,b:5801")))
                .hasSize(3)
                .anyMatch(problem -> problem.contains("cluster.size"))
                .anyMatch(problem -> problem.contains("cluster.port is 5701"))
                .anyMatch(problem -> problem.contains("cluster.secret"));
        assertThat(problems("", Map.of("RTM_CLUSTER_SIZE", "3")))
                .singleElement()
                .asString()
                .contains("or 1 without members");
    }

    @Test
    void a_cluster_without_a_secret_keeps_to_loopback_addresses() {
        String file = "cluster:\n  members: [\"127.0.0.1:5701\", \"127.0.0.1:5702\"]\n  size: 2\n";

        assertThat(problems(file, Map.of("RTM_CLUSTER_HOST", "10.0.0.7")))
                .singleElement()
                .asString()
                .contains("cluster.secret");
        assertThat(problems(file, Map.of("RTM_CLUSTER_HOST", "10.0.0.7", "RTM_CLUSTER_SECRET", "short")))
                .hasSize(1);
        assertThat(load(file, Map.of("RTM_CLUSTER_HOST", "10.0.0.7", "RTM_CLUSTER_SECRET", SECRET))
                        .cluster()
                        .host())
                .isEqualTo("10.0.0.7");
    }

    /** The others would be told to connect to themselves, and the node would wait for them for ever. */
    @ParameterizedTest
    @CsvSource({"0.0.0.0", "::", "0:0:0:0:0:0:0:0", "::0", "0", "::ffff:0.0.0.0"})
    void a_member_of_a_cluster_has_one_address(String every) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "cluster.members", "10.0.0.11:5701",
                "cluster.secret", SECRET,
                "cluster.host", every));
        assertThat(problems(settings))
                .singleElement()
                .asString()
                .startsWith("cluster.host (RTM_CLUSTER_HOST)")
                .contains("such as 10.0.0.11");

        String member = every.contains(":") ? '[' + every + "]:5701" : every + ":5701";
        settings.putAll(Map.of("cluster.host", "10.0.0.11", "cluster.members", member));
        assertThat(problems(settings))
                .singleElement()
                .asString()
                .contains("cluster.members", "cluster.host of each node");
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.11", "0.example.com", "fd00::1", "100.0.0.0", "fe80::1"})
    void an_address_is_not_taken_for_every_one(String host) {
        Map<String, String> settings =
                Map.of("cluster.members", "10.0.0.11:5701", "cluster.secret", SECRET, "cluster.host", host);

        assertThat(Config.of(settings).cluster().host()).isEqualTo(host);
    }

    @Test
    void clients_and_monitoring_may_come_at_every_address() {
        Config config = Config.of(Map.of(
                "http.host", "::",
                "management.host", "0.0.0.0",
                "auth.mode", "jwt",
                "auth.hmacSecret", SECRET));

        assertThat(config.http().host()).isEqualTo("::");
        assertThat(config.management().host()).isEqualTo("0.0.0.0");
    }

    @Test
    void messages_between_nodes_take_a_port_of_their_own() {
        Map<String, String> member = Map.of("RTM_CLUSTER_MEMBERS", "127.0.0.1:5701");

        assertThat(load("", member).cluster().busPort()).isEqualTo(5801);
        assertThat(problems("cluster:\n  busPort: 5701\n", member))
                .singleElement()
                .asString()
                .contains("cluster.busPort");
        assertThat(problems("cluster:\n  port: 65500\n", Map.of("RTM_CLUSTER_MEMBERS", "127.0.0.1:65500")))
                .singleElement()
                .asString()
                .contains("65600");
    }

    @Test
    void certificate_and_key_go_together_and_can_be_read() throws IOException {
        Path garbage = Files.writeString(directory.resolve("garbage.pem"), "-----BEGIN RSA PRIVATE KEY-----");

        assertThat(problems("", Map.of("RTM_HTTP_TLS_CERTIFICATE", "c.pem")))
                .singleElement()
                .asString()
                .contains("http.tlsKey", "set both");
        assertThat(problems("", Map.of("RTM_HTTP_TLS_CERTIFICATE", "/no/such.pem", "RTM_HTTP_TLS_KEY", "/no/such.key")))
                .singleElement()
                .asString()
                .contains("http.tlsCertificate", "cannot be read");
        assertThat(problems(
                        "",
                        Map.of("RTM_HTTP_TLS_CERTIFICATE", garbage.toString(), "RTM_HTTP_TLS_KEY", garbage.toString())))
                .singleElement()
                .asString()
                .contains("http.tlsCertificate");
        assertThat(problems("cluster:\n  tlsAuthority: ca.pem\n", Map.of("RTM_CLUSTER_MEMBERS", "127.0.0.1:5701")))
                .singleElement()
                .asString()
                .contains("all three");
    }

    @Test
    void nodes_of_one_machine_need_no_secret() {
        Config config =
                load("", Map.of("RTM_CLUSTER_MEMBERS", "127.0.0.1:5701,127.0.0.1:5702", "RTM_CLUSTER_SIZE", "2"));

        assertThat(config.cluster().members()).hasSize(2);
    }

    @Test
    void file_overrides_defaults_and_environment_overrides_file() {
        String file = "http:\n  port: 8081\nnode:\n  name: filed\n";

        Config config = load(file, Map.of("RTM_HTTP_PORT", "8082"));

        assertThat(config.http().port()).isEqualTo(8082);
        assertThat(config.node().name()).isEqualTo("filed");
        assertThat(config.management().port()).isEqualTo(9080);
    }

    @Test
    void nothing_else_is_a_source() {
        System.setProperty("http.port", "1");
        System.setProperty("RTM_HTTP_PORT", "2");
        try {
            Config config = load("", Map.of("HTTP_PORT", "3", "http.port", "4", "rtm_http_port", "5"));
            assertThat(config.http().port()).isEqualTo(8080);
        } finally {
            System.clearProperty("http.port");
            System.clearProperty("RTM_HTTP_PORT");
        }
    }

    @Test
    void what_kubernetes_says_of_a_service_called_rtm_locks_is_no_mistake() {
        Map<String, String> links = Map.of(
                "RTM_LOCKS_SERVICE_HOST", "10.0.0.1",
                "RTM_LOCKS_SERVICE_PORT", "8080",
                "RTM_LOCKS_SERVICE_PORT_CLIENTS", "8080",
                "RTM_LOCKS_PORT", "tcp://10.0.0.1:8080",
                "RTM_LOCKS_PORT_8080_TCP", "tcp://10.0.0.1:8080",
                "RTM_LOCKS_PORT_8080_TCP_ADDR", "10.0.0.1");

        assertThat(load("", links)).isEqualTo(Config.of(Map.of()));
        assertThat(problems("", Map.of("RTM_LOCKS_PORT", "8080"))).hasSize(1);
    }

    @Test
    void every_mistake_is_named_at_once_with_value_origin_and_what_is_allowed() throws IOException {
        Map<String, String> environment = Map.of(
                "RTM_LOCK_TTL_MIN_SECONDS", "400",
                "RTM_HTTP_PROT", "1",
                "RTM_NODE_NAME", "a b");
        String file = "http:\n  port: 99999\n  allowed-origins: x\nauth:\n  mode: basic\nsesion:\n  heartbeatMs: 1\n";

        assertThat(problems(file, environment))
                .containsExactly(
                        in(3) + "http.allowed-origins is no setting: did you mean http.allowedOrigins?",
                        in(6) + "sesion is no setting: did you mean session?",
                        "the environment variable RTM_HTTP_PROT is no setting: did you mean RTM_HTTP_PORT?",
                        "node.name (RTM_NODE_NAME) is \"a b\", from environment: it must be 1 to 64 of letters, digits, "
                                + "'.', '_' and '-', beginning with a letter or digit",
                        "http.port (RTM_HTTP_PORT) is \"99999\", from " + file() + " line 2: it must be a whole number "
                                + "from 0 to 65535",
                        "auth.mode (RTM_AUTH_MODE) is \"basic\", from " + file() + " line 5: it must be none or jwt",
                        "lock.ttlMaxSeconds (RTM_LOCK_TTL_MAX_SECONDS) is \"300\", from default: it must be at least "
                                + "lock.ttlMinSeconds, which is 400, from environment");
    }

    /** Its default stands in for what was refused, and says nothing of the others. */
    @ParameterizedTest
    @CsvSource({
        "lock.ttlMinSeconds, 0, lock.ttlMaxSeconds, 5",
        "lock.ttlMaxSeconds, x, session.rememberedMs, 250000",
        "session.heartbeatMs, 1, session.offlineAfterMs, 200",
        "auth.algorithms, none, auth.mode, jwt",
        "cluster.members, host, cluster.size, 3"
    })
    void nothing_is_judged_by_a_setting_that_is_refused(String path, String value, String other, String otherValue) {
        assertThat(problems(Map.of(path, value, other, otherValue)))
                .singleElement()
                .asString()
                .startsWith(path);
    }

    /** It would wait for ever: for one more node than there is, or for others that cannot reach it. */
    @ParameterizedTest
    @CsvSource({
        "'10.0.0.1:5701,10.0.0.2:5701,10.0.0.2:5701', 10.0.0.1, cluster.members, name each node once",
        "'10.0.0.1:5701,10.0.0.2:5701,10.0.0.3:5701', 127.0.0.1, cluster.host, no other machine",
        "'127.0.0.1:5701,[fd00::2]:5701,10.0.0.3:5701', localhost, cluster.host, no other machine"
    })
    void members_are_each_there_once_and_reach_each_other(String members, String host, String path, String why) {
        assertThat(problems(Map.of(
                        "cluster.members",
                        members,
                        "cluster.size",
                        "3",
                        "cluster.secret",
                        SECRET,
                        "cluster.host",
                        host)))
                .singleElement()
                .asString()
                .startsWith(path)
                .contains(why);
    }

    @ParameterizedTest
    @CsvSource({
        "http.port, 65536",
        "http.port, -1",
        "http.port, ''",
        "http.port, 8080.5",
        "http.port, 99999999999999999999",
        "http.host, a host",
        "http.host, ''",
        "http.allowedOrigins, *",
        "http.allowedOrigins, https://a.example/",
        "http.allowedOrigins, HTTPS://A.example",
        "http.allowedOrigins, 'https://a.example,'",
        "auth.algorithms, none",
        "auth.algorithms, hs256",
        "auth.algorithms, 'HS256,'",
        "auth.hmacSecretAlso, short",
        "insecure.anonymous, yes",
        "cluster.members, host",
        "cluster.size, 0",
        "cluster.shards, 0",
        "auth.mode, NONE",
        "log.format, xml",
        "log.level, trace",
        "session.heartbeatMs, 49",
        "session.leaveGraceMs, -1",
        "limits.acquirePerSecond, -1",
        "limits.queuedBytesPerConnection, 65535"
    })
    void value_out_of_its_range_is_refused(String path, String value) {
        assertThat(problems(Map.of(path, value)))
                .singleElement()
                .asString()
                .startsWith(path + " (RTM_")
                .contains("it must be ");
    }

    @ParameterizedTest
    @CsvSource({
        "management.port, 8080, http.port",
        "http.host, 0.0.0.0, jwt",
        "http.host, example.com, jwt",
        "http.host, 127.0.0.1.example.com, jwt",
        "auth.mode, jwt, 32 bytes",
        "auth.algorithms, '', at least one",
        "auth.keysFile, /no/such/file, name here by which",
        "session.heartbeatMs, 8000, twice",
        "session.offlineAfterMs, 9999, twice",
        "lock.ttlMinSeconds, 301, at least lock.ttlMinSeconds",
        "lock.ttlMaxSeconds, 9, at least lock.ttlMinSeconds",
        "lock.ttlMaxSeconds, 301, session.rememberedMs",
        "session.rememberedMs, 299999, at least lock.ttlMaxSeconds"
    })
    void settings_that_do_not_fit_together_are_refused(String path, String value, String why) {
        assertThat(problems(Map.of(path, value))).singleElement().asString().contains(why);
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "127.8.9.10", "localhost", "::1"})
    void without_login_every_loopback_host_is_good(String host) {
        assertThat(Config.of(Map.of("http.host", host)).http().host()).isEqualTo(host);
    }

    @Test
    void without_login_beyond_loopback_it_must_be_said_that_this_is_insecure() {
        Config config = Config.of(Map.of("http.host", "0.0.0.0", "insecure.anonymous", "true"));

        assertThat(config.isOpenToAll()).isTrue();
        assertThat(Config.of(Map.of()).isOpenToAll()).isFalse();
        assertThat(Config.of(Map.of("auth.mode", "jwt", "auth.hmacSecret", SECRET, "insecure.anonymous", "true"))
                        .isOpenToAll())
                .isFalse();
    }

    @Test
    void public_key_algorithms_need_their_keys() throws IOException {
        Path keys = directory.resolve("keys.pem");
        Files.writeString(keys, KeyPairs.pem(KeyPairs.of("ES256").getPublic()));
        Map<String, String> settings =
                new HashMap<>(Map.of("auth.mode", "jwt", "auth.algorithms", "ES256", "auth.keysFile", keys.toString()));
        assertThat(Config.of(settings).auth().algorithms()).containsExactly(TokenAlgorithm.ES256);

        settings.put("auth.algorithms", "ES256,RS256");
        assertThat(problems(settings)).singleElement().asString().contains("no key for [RS256]");
        settings.put("auth.keysFile", directory.resolve("missing").toString());
        assertThat(problems(settings)).singleElement().asString().contains("cannot be read");
        settings.put("auth.keysFile", "");
        assertThat(problems(settings)).singleElement().asString().contains("with [RS256, ES256]");
        settings.put("auth.algorithms", "HS256");
        settings.put("auth.keysFile", keys.toString());
        assertThat(problems(settings)).hasSize(2).anyMatch(problem -> problem.contains("name here by which"));
    }

    @Test
    void secrets_may_be_in_files_of_their_own() throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), "  " + SECRET + "\n");
        for (ConfigKey key : ConfigKey.values()) {
            Map<String, String> variable = Map.of(key.variable() + "_FILE", file.toString());
            if (key.isSecret()) {
                assertThat(Settings.read(null, variable, Map.of()).text(key)).isEqualTo(SECRET);
            } else {
                assertThat(problems("", variable)).singleElement().asString().contains("is no setting");
            }
        }
        assertThat(load("", Map.of("RTM_AUTH_HMAC_SECRET_FILE", file.toString()))
                        .auth()
                        .hmacSecret())
                .isEqualTo(SECRET);
    }

    @Test
    void file_of_a_secret_that_is_of_no_use_is_named() throws IOException {
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        Path large = Files.writeString(directory.resolve("large"), SECRET.repeat(2_000));
        Map<String, String> whys = Map.of(
                empty.toString(),
                "is empty",
                large.toString(),
                "over 65536 bytes",
                directory.toString(),
                "no such file",
                "\0",
                "no name of a file");
        whys.forEach((file, why) -> assertThat(problems("", Map.of("RTM_CLUSTER_SECRET_FILE", file)))
                .singleElement()
                .asString()
                .startsWith("RTM_CLUSTER_SECRET_FILE is ")
                .contains(why));
        assertThat(problems("", Map.of("RTM_CLUSTER_SECRET_FILE", large.toString(), "RTM_CLUSTER_SECRET", SECRET)))
                .singleElement()
                .asString()
                .contains("both")
                .doesNotContain(SECRET);
    }

    @Test
    void ports_that_are_free_may_both_be_asked_for() {
        Config config = Config.of(Map.of("http.port", "0", "management.port", "0"));

        assertThat(config.management().port()).isZero();
    }

    @Test
    void a_secret_is_in_no_message_and_no_text_form() {
        Config config = Config.of(Map.of(
                "auth.hmacSecret",
                SECRET,
                "auth.hmacSecretAlso",
                "x" + SECRET,
                "cluster.secret",
                "among-nodes",
                "management.token",
                SECRET));
        assertThat(config.toString()).doesNotContain(SECRET).doesNotContain("among-nodes");

        assertThat(problems(Map.of("auth.mode", "jwt", "auth.hmacSecret", "short-one")))
                .singleElement()
                .asString()
                .doesNotContain("short-one")
                .contains("not shown");
    }

    @Test
    void unknown_setting_given_by_code_is_refused() {
        assertThat(problems(Map.of("http.ports", "1")))
                .containsExactly("http.ports is no setting: did you mean http.port?");
    }

    private Config load(String content, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("PATH", "/bin");
        try {
            return Config.load(Files.writeString(file(), content), all);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> problems(String content, Map<String, String> environment) {
        return catchThrowableOfType(ConfigException.class, () -> load(content, environment))
                .problems();
    }

    private static List<String> problems(Map<String, String> settings) {
        return catchThrowableOfType(ConfigException.class, () -> Config.of(settings))
                .problems();
    }

    private String in(int line) {
        return file() + " line " + line + ": ";
    }

    private Path file() {
        return directory.resolve("rtm.yaml");
    }

    private static Arguments variable(String name, String value, Function<Config, Object> setting) {
        return arguments(name, value, setting);
    }
}
