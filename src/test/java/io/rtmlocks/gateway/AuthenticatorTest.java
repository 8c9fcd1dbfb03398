// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.rtmlocks.lock.Operation;
import io.rtmlocks.wire.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A login is granted for a token that is ours, in force and the user's own; for any other it is refused, never broken. */
@ExtendWith(VertxExtension.class)
class AuthenticatorTest {
    private static final String SECRET = "a secret that is long enough to sign";
    private static final long NOW = 1_000_000_000;
    private static final JsonObject HEADER = new JsonObject().put("typ", "JWT").put("alg", "HS256");

    private Vertx vertx;
    private Authenticator authenticator;

    @BeforeEach
    void setUp(Vertx vertx) {
        this.vertx = vertx;
        authenticator = new JwtAuthenticator(vertx, SECRET, InstantSource.fixed(Instant.ofEpochSecond(NOW)));
    }

    @Test
    void open_door_lets_in_everybody_for_ever() {
        assertThat(new OpenDoor().authenticate("bob", null).result()).isEqualTo(new Access(Rights.ALL, Access.NEVER));
    }

    @Test
    void token_of_the_user_is_good_until_it_expires() {
        String token = LoginToken.sign(vertx, SECRET, "bob", Instant.ofEpochSecond(NOW + 60), List.of());

        Access access = authenticator.authenticate("bob", token).result();

        assertThat(access.rights()).isSameAs(Rights.ALL);
        assertThat(access.expiresAtUtcMillis()).isEqualTo((NOW + 60) * 1_000 + JwtAuthenticator.LEEWAY_MS);
    }

    @Test
    void token_carries_its_rights() {
        String token = LoginToken.sign(vertx, SECRET, "bob", Instant.ofEpochSecond(NOW + 60), List.of("room=acquire"));

        Rights rights = authenticator.authenticate("bob", token).result().rights();

        assertThat(rights.allows(Operation.ACQUIRE_LOCK, "room", "door")).isTrue();
        assertThat(rights.allows(Operation.SET_LOCK, "room", "door")).isFalse();
    }

    static Stream<Arguments> good() {
        return Stream.of(
                arguments("made by another program", claims()),
                arguments("begun", claims().put("nbf", NOW)),
                arguments("begins within the leeway", claims().put("nbf", NOW + 5)),
                arguments("expired within the leeway", claims().put("exp", NOW - 4)),
                arguments("expires in parts of a second", claims().put("exp", NOW + 0.5)),
                arguments("expires in the far future", claims().put("exp", 1e300)),
                arguments(
                        "with claims we do not know", claims().put("aud", "x").put("roles", new JsonArray().add("y"))),
                arguments("allows nothing", claims().put("allow", new JsonArray())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void token_in_force_is_granted(String what, JsonObject claims) {
        Future<Access> login = authenticator.authenticate("bob", sign(HEADER, claims, SECRET));

        assertThat(login.succeeded()).as(String.valueOf(login.cause())).isTrue();
    }

    static Stream<Arguments> bad() {
        String good = sign(HEADER, claims(), SECRET);
        String[] parts = good.split("\\.");
        return Stream.of(
                refused("none at all", null),
                refused("empty", ""),
                refused("one part", "abc"),
                refused("dots", "..."),
                refused("two parts", parts[0] + '.' + parts[1]),
                refused("empty signature", parts[0] + '.' + parts[1] + '.'),
                refused("no base64", "%%%.###.!!!"),
                refused("no JSON", base64("{") + '.' + base64("[1") + '.' + parts[2]),
                refused("control characters and other scripts", "\0\n\u202e日本"),
                refused("huge", good + "A".repeat(9_000)),
                refused("deep", base64("[".repeat(3_000)) + '.' + parts[1] + '.' + parts[2]),
                refused(
                        "signature of another token",
                        parts[0] + '.' + base64(claims().put("a", 1).encode()) + '.' + parts[2]),
                refused("signature cut", good.substring(0, good.length() - 4)),
                refused("another secret", sign(HEADER, claims(), SECRET + "x")),
                refused("alg none", base64("{\"alg\":\"none\"}") + '.' + parts[1] + '.'),
                refused("alg none, signed", sign(alg("none"), claims(), SECRET)),
                refused("alg in other letters", sign(alg("hs256"), claims(), SECRET)),
                refused("another alg", sign(alg("HS512"), claims(), SECRET)),
                refused("a public-key alg", sign(alg("RS256"), claims(), SECRET)),
                refused("no alg", sign(new JsonObject().put("typ", "JWT"), claims(), SECRET)),
                refused(
                        "a key of its own",
                        sign(
                                HEADER.copy()
                                        .put("x5c", new JsonArray().add("AAAA"))
                                        .put("alg", "ES256"),
                                claims(),
                                SECRET)),
                refused("another user", sign(HEADER, claims().put("sub", "alice"), SECRET)),
                refused("no user", sign(HEADER, without("sub"), SECRET)),
                refused("user that is no text", sign(HEADER, claims().put("sub", 1), SECRET)),
                refused("no expiry", sign(HEADER, without("exp"), SECRET)),
                refused("expiry that is no number", sign(HEADER, claims().put("exp", "tomorrow"), SECRET)),
                refused("expiry null", sign(HEADER, claims().putNull("exp"), SECRET)),
                refused("not begun", sign(HEADER, claims().put("nbf", NOW + 6), SECRET)),
                refused("begin that is no number", sign(HEADER, claims().put("nbf", "now"), SECRET)),
                refused("begin null", sign(HEADER, claims().putNull("nbf"), SECRET)),
                refused("allow that is no list", sign(HEADER, claims().put("allow", "*=*"), SECRET)),
                refused("allow null", sign(HEADER, claims().putNull("allow"), SECRET)),
                refused("allow of numbers", sign(HEADER, claims().put("allow", new JsonArray().add(1)), SECRET)),
                refused(
                        "allow with an unknown right",
                        sign(HEADER, claims().put("allow", new JsonArray().add("a=fly")), SECRET)),
                expired("expired", sign(HEADER, claims().put("exp", NOW - 5), SECRET)),
                expired("expired long ago", sign(HEADER, claims().put("exp", 1), SECRET)),
                expired("expired before time began", sign(HEADER, claims().put("exp", -1e300), SECRET)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void token_that_is_not_good_is_refused(String what, @Nullable String token, ErrorCode code) {
        Future<Access> login = authenticator.authenticate("bob", token);

        assertThat(login.cause()).isInstanceOfSatisfying(LoginRefusedException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal.reason()).isNotBlank().doesNotContain(SECRET);
        });
    }

    @Test
    void secret_that_is_short_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JwtAuthenticator(vertx, "x".repeat(31), InstantSource.system()));
    }

    @Test
    void token_that_would_be_too_long_is_not_made() {
        List<String> many =
                Stream.generate(() -> "channel/lock=acquire").limit(500).toList();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LoginToken.sign(vertx, SECRET, "bob", Instant.ofEpochSecond(NOW), many));
    }

    private static JsonObject claims() {
        return new JsonObject().put("sub", "bob").put("exp", NOW + 60);
    }

    private static JsonObject without(String claim) {
        JsonObject claims = claims();
        claims.remove(claim);
        return claims;
    }

    private static JsonObject alg(String alg) {
        return HEADER.copy().put("alg", alg);
    }

    private static Arguments refused(String what, @Nullable String token) {
        return arguments(what, token, ErrorCode.TOKEN_INVALID);
    }

    private static Arguments expired(String what, String token) {
        return arguments(what, token, ErrorCode.TOKEN_EXPIRED);
    }

    /** Signed by HMAC-SHA-256 whatever the header says. */
    private static String sign(JsonObject header, JsonObject claims, String secret) {
        String signed = base64(header.encode()) + '.' + base64(claims.encode());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return signed + '.' + base64(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
