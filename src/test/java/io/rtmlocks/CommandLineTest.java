// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.rtmlocks.gateway.KeyPairs;
import io.rtmlocks.gateway.TokenAlgorithm;
import io.rtmlocks.gateway.TokenCheck;
import io.rtmlocks.gateway.TokenKey;
import io.rtmlocks.gateway.TokenRules;
import io.rtmlocks.ops.ManagementVerticle;
import io.rtmlocks.ops.Readiness;
import io.rtmlocks.shard.Rights;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Each command prints its result on standard output and what is wrong on standard error, and ends with the right status. */
@ExtendWith(VertxExtension.class)
class CommandLineTest {
    private static final String SECRET = "0123456789012345678901234567890123456789";

    private static final Map<String, String> KEYS = Map.of("RTM_AUTH_HMAC_SECRET", SECRET);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String in = "";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "dev --help",
                "serve -h",
                "config --help",
                "config show --help",
                "token create -h",
                "locks --help",
                "locks list -h",
                "locks watch -h",
                "locks revoke -h",
                "exec --help"
            })
    void help_says_how_it_is_used(String arguments) {
        assertThat(run(Map.of(), arguments)).isEqualTo(ExitStatus.OK);
        assertThat(out.toString()).startsWith("Usage: rtm-locks");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "start", "config", "token", "dev --nodes 10", "dev --port x", "dev --ports 1", "serve now"})
    void what_is_not_understood_ends_with_2_and_says_where_help_is(String arguments) {
        assertThat(run(Map.of(), arguments)).isEqualTo(ExitStatus.BAD_CONFIGURATION);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("See: rtm-locks").contains("--help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"dev", "dev --port 8085", "serve", "config check", "config show", "health", "token create -u bob"
            })
    void settings_that_are_wrong_end_every_command_with_2_and_are_all_named(String arguments) {
        Map<String, String> environment = Map.of("RTM_CLUSTER_SHARDS", "none", "RTM_LOCK_TTL_MAX_SECONDS", "1");

        assertThat(run(environment, arguments)).isEqualTo(ExitStatus.BAD_CONFIGURATION);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains("\n- cluster.shards ").contains("\n- lock.ttlMaxSeconds ");
    }

    /** A command of {@code exec} may be one of ours: what it finds in its environment is no setting. */
    @Test
    void variables_of_exec_are_no_settings_and_no_mistakes() {
        assertThat(run(Map.of("RTM_FENCING_TOKEN", "7", "RTM_LOCK_NAME", "l"), "config check"))
                .isEqualTo(ExitStatus.OK);
        assertThat(run(Map.of("RTM_FENCING_TOKENS", "7"), "config check")).isEqualTo(ExitStatus.BAD_CONFIGURATION);
    }

    @Test
    void config_show_has_the_management_token_masked() {
        assertThat(run(Map.of("RTM_MANAGEMENT_TOKEN", SECRET), "config show")).isEqualTo(ExitStatus.OK);
        assertThat(out.toString())
                .contains("token: (40 characters, not shown)  # environment")
                .doesNotContain(SECRET);
    }

    @Test
    void dev_port_that_leaves_none_for_management_is_refused() {
        assertThat(run(Map.of(), "dev --port 65000")).isEqualTo(ExitStatus.BAD_CONFIGURATION);
        assertThat(err.toString()).startsWith("--port 65000: 0 to 64535, ").doesNotContain("66000");
        assertThat(run(Map.of(), "dev --nodes 3 --port 64000")).isEqualTo(ExitStatus.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("--port 64000: 0 to 63433, ");
    }

    @Test
    void address_that_is_not_here_is_said_in_plain_words() {
        assertThat(run(Map.of("RTM_HTTP_PORT", "0", "RTM_MANAGEMENT_HOST", "nosuch.invalid"), "serve"))
                .isEqualTo(ExitStatus.PORT_BUSY);
        assertThat(err.toString())
                .contains("of nosuch.invalid: there is no address of this name. To go on")
                .contains("RTM_MANAGEMENT_HOST");
    }

    @Test
    void config_default_prints_the_shipped_file() throws IOException {
        assertThat(run(Map.of(), "config default")).isEqualTo(ExitStatus.OK);
        assertThat(out.toString()).isEqualTo(Files.readString(Path.of("conf/rtm-locks.yaml")));
    }

    @Test
    void config_check_of_the_shipped_file_is_good() {
        assertThat(run(Map.of(), "config check -c conf/rtm-locks.yaml")).isEqualTo(ExitStatus.OK);
        assertThat(out.toString()).contains("good");
    }

    @Test
    void config_show_prints_values_and_origins_but_no_secret(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("my.yaml"), "http:\n  port: 8099\nnode:\n  name: eu-1\n");

        assertThat(run(Map.of("RTM_AUTH_HMAC_SECRET", SECRET), "config show -c " + file))
                .isEqualTo(ExitStatus.OK);
        assertThat(out.toString())
                .contains("http:\n  host: 127.0.0.1  # default\n  port: 8099  # " + file + " line 2\n")
                .contains("  hmacSecret: (40 characters, not shown)  # environment\n")
                .doesNotContain(SECRET);
    }

    @Test
    void token_create_prints_a_token_that_lets_in_its_user_with_its_rights() {
        assertThat(run(
                        Map.of("RTM_AUTH_HMAC_SECRET", SECRET),
                        "token create -u bob --ttl 30m --allow room*/door=acquire"))
                .isEqualTo(ExitStatus.OK);

        TokenRules rules = new TokenRules(Set.of(TokenAlgorithm.HS256), "", "");
        TokenCheck.Good good = new TokenCheck(rules, () -> List.of(TokenKey.ofSecret(SECRET)))
                .check(out.toString().strip(), System.currentTimeMillis());
        assertThat(good.expiresAtUtcMillis()).isBetween(minutesFromNow(29), minutesFromNow(31));
        assertThat(good.rights()).isEqualTo(Rights.of(List.of("room*/door=acquire")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token create -u _bob",
                "token create",
                "token create -u bob --ttl 1y",
                "token create -u bob --ttl 0s",
                "token create -u bob --allow room",
                "token create -u bob --allow room=fly"
            })
    void token_create_of_what_cannot_be_is_refused(String arguments) {
        assertThat(run(Map.of("RTM_AUTH_HMAC_SECRET", SECRET), arguments)).isEqualTo(ExitStatus.BAD_CONFIGURATION);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void user_id_that_is_not_legal_is_refused_with_what_is() {
        assertThat(run(KEYS, "token create -u a/b")).isEqualTo(ExitStatus.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("-u a/b: not a legal user id, which is 1 to 64 ASCII letters");
    }

    static Stream<Arguments> tokenAsked() {
        return Stream.of(
                arguments(
                        "token create -u bob", "token check", "user     bob\n.*signed   HS256\nallows   everything\n"),
                arguments(
                        "token create -u bob --allow a=* --allow b/*=get,set",
                        "token check -u bob",
                        ".*\\[a=\\*, b/\\*=get,set]\n"),
                arguments("token create -u bob --key-id k1", "token check", ".*signed   HS256 by k1\n.*"));
    }

    @ParameterizedTest
    @MethodSource("tokenAsked")
    void token_check_says_what_a_token_gives(String create, String check, String says) {
        assertThat(run(KEYS, create)).isEqualTo(ExitStatus.OK);
        in = printed();

        assertThat(run(KEYS, check)).as(err.toString()).isEqualTo(ExitStatus.OK);
        assertThat(printed()).matches(Pattern.compile(says, Pattern.DOTALL));
    }

    static Stream<Arguments> tokenRefused() {
        return Stream.of(
                arguments(
                        "token create -u bob",
                        "token check -u alice",
                        "Refused (-10005): the token is for another user"),
                arguments("token create -u bob --audience x", "token check", "another service (aud)"),
                arguments("token create -u bob --not-before 1h --ttl 2h", "token check", "not good yet (nbf)"));
    }

    @ParameterizedTest
    @MethodSource("tokenRefused")
    void token_check_says_why_a_token_is_refused(String create, String check, String why) {
        assertThat(run(KEYS, create)).isEqualTo(ExitStatus.OK);
        in = printed();

        assertThat(run(KEYS, check)).isEqualTo(ExitStatus.FAILED);
        assertThat(err.toString()).contains(why);
        assertThat(printed()).isEmpty();
    }

    @Test
    void token_check_of_what_is_no_token_is_refused() {
        assertThat(run(KEYS, "token check abc")).isEqualTo(ExitStatus.FAILED);
        assertThat(err.toString()).contains("not three parts");
        assertThat(run(KEYS, "token check")).isEqualTo(ExitStatus.FAILED);
        assertThat(run(Map.of(), "token check e30.e30.")).isEqualTo(ExitStatus.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256"})
    void token_of_a_private_key_is_checked_with_the_public_one(String algorithm, @TempDir Path directory)
            throws Exception {
        KeyPair pair = KeyPairs.of(algorithm);
        Path privateKey = Files.writeString(directory.resolve("private.pem"), KeyPairs.pem(pair.getPrivate()));
        Path publicKey = Files.writeString(directory.resolve("public.pem"), KeyPairs.pem(pair.getPublic()));
        Map<String, String> environment = Map.of(
                "RTM_AUTH_MODE",
                "jwt",
                "RTM_AUTH_ALGORITHMS",
                algorithm,
                "RTM_AUTH_KEYS_FILE",
                publicKey.toString(),
                "RTM_AUTH_ISSUER",
                "me",
                "RTM_AUTH_AUDIENCE",
                "locks");

        assertThat(run(environment, "token create -u bob --private-key " + privateKey))
                .isEqualTo(ExitStatus.OK);
        in = printed();
        assertThat(run(environment, "token check")).as(err.toString()).isEqualTo(ExitStatus.OK);
        assertThat(printed()).contains("signed   " + algorithm + "\n");
        assertThat(run(KEYS, "token check")).isEqualTo(ExitStatus.FAILED);
        assertThat(err.toString()).contains("does not take (alg): it takes [HS256]");
    }

    /** What was printed since the last look. */
    private String printed() {
        String text = out.toString();
        out.getBuffer().setLength(0);
        return text;
    }

    @Test
    void token_create_without_a_secret_is_refused() {
        assertThat(run(Map.of(), "token create -u bob")).isEqualTo(ExitStatus.BAD_CONFIGURATION);
        assertThat(err.toString()).contains("secret of at least 32 bytes", "auth.hmacSecret (RTM_AUTH_HMAC_SECRET)");
    }

    @Test
    void health_ends_with_0_only_when_the_node_serves(Vertx vertx) throws Exception {
        Readiness.State[] state = {Readiness.State.not("two of three nodes are missing")};
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        ManagementVerticle management = new ManagementVerticle("127.0.0.1", 0, () -> state[0], metrics);
        vertx.deployVerticle(management)
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        Map<String, String> environment = Map.of("RTM_MANAGEMENT_PORT", String.valueOf(management.port()));

        assertThat(run(environment, "health")).isEqualTo(ExitStatus.FAILED);
        assertThat(out.toString()).contains("two of three nodes are missing");

        state[0] = Readiness.State.SERVING;
        assertThat(run(environment, "health")).isEqualTo(ExitStatus.OK);
        assertThat(run(Map.of(), "health --url http://127.0.0.1:" + management.port() + "/health/live"))
                .isEqualTo(ExitStatus.OK);

        vertx.close().toCompletionStage().toCompletableFuture().get();
        assertThat(run(environment, "health")).isEqualTo(ExitStatus.FAILED);
        assertThat(err.toString()).contains("No answer from http://127.0.0.1:" + management.port());
    }

    @Test
    void health_of_an_address_that_does_not_answer_ends_with_1() {
        assertThat(run(Map.of(), "health --url http://127.0.0.1:1/")).isEqualTo(ExitStatus.FAILED);
        assertThat(err.toString()).contains("No answer from http://127.0.0.1:1/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/etc/passwd", "nowhere", "http:///health"})
    void address_that_cannot_answer_is_a_wrong_argument(String url) {
        for (String command : List.of("health", "locks list", "locks watch")) {
            assertThat(run(Map.of(), command + " --url " + url)).isEqualTo(ExitStatus.BAD_CONFIGURATION);
            assertThat(err.toString())
                    .contains("--url " + url + ": it looks like http://", "See: rtm-locks " + command);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version"})
    void version_is_printed(String arguments) {
        assertThat(run(Map.of(), arguments)).isEqualTo(ExitStatus.OK);
        assertThat(out.toString()).startsWith("rtm-locks ");
    }

    private int run(Map<String, String> environment, String arguments) {
        CommandLine commands = Main.commandLine(
                        environment, new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        return commands.execute(arguments.isEmpty() ? new String[0] : arguments.split(" "));
    }

    private static long minutesFromNow(int minutes) {
        return System.currentTimeMillis() + minutes * 60_000L;
    }
}
