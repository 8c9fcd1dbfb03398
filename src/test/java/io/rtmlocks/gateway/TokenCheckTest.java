// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.rtmlocks.shard.Rights;
import io.rtmlocks.wire.ErrorCode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A token is good only when everything about it is; each that is not is refused for its own reason. */
class TokenCheckTest {
    private static final long NOW = 1_000_000_000;

    private static final String SECRET_TEXT = "a secret that is long enough to sign";
    private static final TokenKey SECRET = TokenKey.ofSecret(SECRET_TEXT);
    private static final TokenKey OTHER_SECRET = TokenKey.ofSecret("another secret that is long enough");
    private static final KeyPair RSA = KeyPairs.of("RS256");
    private static final KeyPair EC = KeyPairs.of("ES256");
    private static final TokenKey RSA_SIGNER = TokenKey.of("r1", RSA.getPrivate());
    private static final TokenKey EC_SIGNER = TokenKey.of("e1", EC.getPrivate());
    private static final List<TokenKey> KEYS =
            List.of(SECRET, OTHER_SECRET, TokenKey.of("r1", RSA.getPublic()), TokenKey.of("e1", EC.getPublic()));

    /** What everybody may know. */
    private static final byte[] PUBLIC_PEM = KeyPairs.pem(RSA.getPublic()).getBytes(StandardCharsets.US_ASCII);

    private final TokenCheck check =
            new TokenCheck(new TokenRules(EnumSet.allOf(TokenAlgorithm.class), "us", "locks"), () -> KEYS);

    static Stream<Arguments> good() {
        return Stream.of(
                arguments("made by another program", sign(claims())),
                arguments("signed with the secret that is next", sign(header("HS256"), claims(), OTHER_SECRET)),
                arguments("RS256", sign(header("RS256"), claims(), RSA_SIGNER)),
                arguments("RS256 by a named key", sign(header("RS256").put("kid", "r1"), claims(), RSA_SIGNER)),
                arguments("ES256", sign(header("ES256"), claims(), EC_SIGNER)),
                arguments("ES256 by a named key", sign(header("ES256").put("kid", "e1"), claims(), EC_SIGNER)),
                arguments(
                        "a secret has no name: any will do",
                        sign(header("HS256").put("kid", "x"), claims(), SECRET)),
                arguments("without typ", sign(new JsonObject().put("alg", "HS256"), claims(), SECRET)),
                arguments(
                        "a key of its own is not looked at",
                        sign(header("HS256").put("jwk", new JsonObject()).put("jku", "https://x"), claims(), SECRET)),
                arguments("begun", sign(claims().put("nbf", NOW))),
                arguments("begins within the leeway", sign(claims().put("nbf", NOW + 5))),
                arguments("expired within the leeway", sign(claims().put("exp", NOW - 4))),
                arguments("expires in parts of a second", sign(claims().put("exp", NOW + 0.5))),
                arguments("expires in the far future", sign(claims().put("exp", 1e300))),
                arguments("for us among others", sign(claims().put("aud", list("x", "locks")))),
                arguments("with claims we do not know", sign(claims().put("roles", list("y")))),
                arguments("allows nothing", sign(claims().put("allow", list()))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void token_that_is_good_is_taken(String what, String token) {
        assertThat(check.check(token, NOW * 1_000).userId()).isEqualTo("bob");
    }

    static Stream<Arguments> malformed() {
        String good = sign(claims());
        String[] parts = good.split("\\.");
        String content = parts[1];
        return Stream.of(
                refused("none at all", null, "asks for a token"),
                refused("empty", "", "asks for a token"),
                refused("one part", "abc", "three parts"),
                refused("two parts", parts[0] + '.' + content, "three parts"),
                refused("four parts", good + ".e30", "three parts"),
                refused("five parts, as an encrypted token has", good + ".e30.e30", "three parts"),
                refused("nothing but dots", "..", "header is not JSON"),
                refused("huge", good + "A".repeat(9_000), "longer than 8192"),
                refused("no base64", "%%%.###.!!!", "header is not base64url"),
                refused("control characters and other scripts", "\0\n.\u202e.日本", "header is not base64url"),
                refused("padded", good + "=", "signature is not base64url as it must be"),
                refused(
                        "bits that say nothing are set",
                        good.substring(0, good.length() - 1) + other(good),
                        "base64url"),
                refused("standard base64", parts[0] + '.' + content + ".+/+/", "signature is not base64url"),
                refused("header no JSON", base64("{") + '.' + content + '.' + parts[2], "header is not JSON"),
                refused("header no object", base64("[1]") + '.' + content + '.' + parts[2], "not a JSON object"),
                refused("header null", base64("null") + '.' + content + '.' + parts[2], "not a JSON object"),
                refused("header deep", base64("[".repeat(3_000)) + '.' + content + '.' + parts[2], "not JSON"),
                refused(
                        "content no object",
                        sign(base64(header("HS256").encode()), base64("7"), SECRET),
                        "not a JSON object"));
    }

    static Stream<Arguments> badlySigned() {
        String good = sign(claims());
        String[] parts = good.split("\\.");
        return Stream.of(
                refused("no signature", parts[0] + '.' + parts[1] + '.', "signature is not by"),
                refused(
                        "another content's",
                        parts[0] + '.' + base64(claims().put("a", 1).encode()) + '.' + parts[2],
                        "signature is not by"),
                refused("cut", good.substring(0, good.length() - 4), "signature is not by"),
                refused(
                        "another secret",
                        sign(header("HS256"), claims(), TokenKey.ofSecret(SECRET_TEXT + "x")),
                        "signature is not by"),
                refused("alg none", base64(header("none").encode()) + '.' + parts[1] + '.', "(alg)"),
                refused("alg None", base64(header("None").encode()) + '.' + parts[1] + '.', "(alg)"),
                refused("alg none, signed", sign(header("none"), claims(), SECRET), "(alg)"),
                refused("alg in other letters", sign(header("hs256"), claims(), SECRET), "(alg)"),
                refused("alg we do not have", sign(header("HS512"), claims(), SECRET), "(alg)"),
                refused("no alg", sign(new JsonObject().put("typ", "JWT"), claims(), SECRET), "(alg)"),
                refused(
                        "alg that is a list",
                        sign(new JsonObject().put("alg", list("HS256")), claims(), SECRET),
                        "(alg)"));
    }

    static Stream<Arguments> signedWithAnotherKey() {
        String rs256 = base64(header("RS256").encode()) + '.' + base64(claims().encode()) + '.';
        String es256 = base64(header("ES256").encode()) + '.' + base64(claims().encode()) + '.';
        TokenKey publicAsSecret = new TokenKey(null, TokenAlgorithm.HS256, new SecretKeySpec(PUBLIC_PEM, "HmacSHA256"));
        TokenKey encodedAsSecret = new TokenKey(
                null, TokenAlgorithm.HS256, new SecretKeySpec(RSA.getPublic().getEncoded(), "HmacSHA256"));
        return Stream.of(
                refused(
                        "HS256 with the public key's text",
                        sign(header("HS256"), claims(), publicAsSecret),
                        "signature is not by"),
                refused(
                        "HS256 with the public key's bytes",
                        sign(header("HS256"), claims(), encodedAsSecret),
                        "signature is not by"),
                refused(
                        "HS256, named as the public key",
                        sign(header("HS256").put("kid", "r1"), claims(), publicAsSecret),
                        "signature is not by"),
                refused("RS256 signed with the secret", sign(header("RS256"), claims(), SECRET), "signature is not by"),
                refused(
                        "RS256 by a stranger",
                        sign(header("RS256"), claims(), stranger("RS256")),
                        "signature is not by"),
                refused(
                        "ES256 by a stranger",
                        sign(header("ES256"), claims(), stranger("ES256")),
                        "signature is not by"),
                refused("ES256 of zeros", es256 + base64(new byte[64]), "signature is not by"),
                refused("ES256 of a wrong length", es256 + base64(new byte[63]), "signature is not by"),
                refused("RS256 of zeros", rs256 + base64(new byte[256]), "signature is not by"),
                refused("an unknown key", sign(header("RS256").put("kid", "r2"), claims(), RSA_SIGNER), "(kid)"),
                refused(
                        "the key of another algorithm",
                        sign(header("RS256").put("kid", "e1"), claims(), RSA_SIGNER),
                        "(kid)"),
                refused("kid no text", sign(header("RS256").put("kid", 1), claims(), RSA_SIGNER), "(kid)"),
                refused(
                        "crit",
                        sign(header("HS256").put("crit", list("b64")).put("b64", false), claims(), SECRET),
                        "(crit)"));
    }

    static Stream<Arguments> badClaims() {
        return Stream.of(
                refused("no user", sign(without("sub")), "(sub)"),
                refused("user that is no text", sign(claims().put("sub", 1)), "(sub)"),
                refused("no expiry", sign(without("exp")), "(exp)"),
                refused("expiry that is no number", sign(claims().put("exp", "tomorrow")), "(exp)"),
                refused("expiry null", sign(claims().putNull("exp")), "(exp)"),
                refused("not begun", sign(claims().put("nbf", NOW + 6)), "not good yet (nbf)"),
                refused("begin that is no number", sign(claims().put("nbf", "now")), "(nbf), but not as a number"),
                refused("begin null", sign(claims().putNull("nbf")), "(nbf), but not as a number"),
                refused("no issuer", sign(without("iss")), "(iss)"),
                refused("another issuer", sign(claims().put("iss", "US")), "(iss)"),
                refused("issuers", sign(claims().put("iss", list("us"))), "(iss)"),
                refused("no audience", sign(without("aud")), "(aud)"),
                refused("another audience", sign(claims().put("aud", "lock")), "(aud)"),
                refused("other audiences", sign(claims().put("aud", list("x", "y"))), "(aud)"),
                refused("audience null", sign(claims().putNull("aud")), "(aud)"),
                refused("allow that is no list", sign(claims().put("allow", "*=*")), "\"allow\" is wrong"),
                refused("allow null", sign(claims().putNull("allow")), "\"allow\" is wrong"),
                refused("allow of numbers", sign(claims().put("allow", new JsonArray().add(1))), "\"allow\" is wrong"),
                refused(
                        "allow with an unknown right",
                        sign(claims().put("allow", list("a=fly"))),
                        "\"fly\" is no right"),
                expired("expired", sign(claims().put("exp", NOW - 5))),
                expired("expired long ago", sign(claims().put("exp", 1))),
                expired("expired before time began", sign(claims().put("exp", -1e300))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"malformed", "badlySigned", "signedWithAnotherKey", "badClaims"})
    void token_that_is_not_good_is_refused_and_told_why(
            String what, @Nullable String token, ErrorCode code, String why) {
        LoginRefusedException refusal =
                catchThrowableOfType(LoginRefusedException.class, () -> check.check(token, NOW * 1_000));

        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.reason()).contains(why).doesNotContain(SECRET_TEXT);
    }

    @Test
    void header_chooses_only_among_the_algorithms_of_the_configuration() {
        TokenCheck onlyRsa = new TokenCheck(new TokenRules(Set.of(TokenAlgorithm.RS256), "us", "locks"), () -> KEYS);

        assertThat(onlyRsa.check(sign(header("RS256"), claims(), RSA_SIGNER), NOW * 1_000)
                        .algorithm())
                .isEqualTo(TokenAlgorithm.RS256);
        for (String token : List.of(sign(claims()), sign(header("ES256"), claims(), EC_SIGNER))) {
            assertThat(catchThrowableOfType(LoginRefusedException.class, () -> onlyRsa.check(token, NOW * 1_000))
                            .reason())
                    .contains("it takes [RS256]");
        }
    }

    @Test
    void audience_that_nobody_configured_is_another_services() {
        TokenCheck any = new TokenCheck(new TokenRules(Set.of(TokenAlgorithm.HS256), "", ""), () -> KEYS);

        any.check(sign(without("aud")), NOW * 1_000);
        assertThat(catchThrowableOfType(LoginRefusedException.class, () -> any.check(sign(claims()), NOW * 1_000))
                        .reason())
                .contains("(aud)");
    }

    /** The example of RFC 7515, appendix A.1: others sign as we check. */
    @Test
    void token_of_the_standard_has_its_signature() throws GeneralSecurityException {
        String token =
                "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6"
                        + "Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        byte[] secret = Base64.getUrlDecoder()
                .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
        TokenKey key = new TokenKey(null, TokenAlgorithm.HS256, new SecretKeySpec(secret, "HmacSHA256"));

        assertThat(catchThrowableOfType(
                                LoginRefusedException.class,
                                () -> new TokenCheck(
                                                new TokenRules(Set.of(TokenAlgorithm.HS256), "joe", ""),
                                                () -> List.of(key))
                                        .check(token, NOW * 1_000))
                        .reason())
                .as("all that is wrong with it")
                .contains("(sub)");
    }

    @Test
    void rights_are_those_of_its_lines() {
        TokenCheck.Good good = check.check(sign(claims().put("allow", list("a=get"))), NOW * 1_000);

        assertThat(good.rights()).isEqualTo(Rights.of(List.of("a=get")));
    }

    @Test
    void secret_that_is_short_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> TokenKey.ofSecret("x".repeat(31)));
    }

    @Test
    void token_that_would_be_too_long_is_not_made() {
        List<String> many =
                Stream.generate(() -> "channel/lock=acquire").limit(500).toList();
        TokenDraft draft = new TokenDraft("bob", Instant.ofEpochSecond(NOW)).allow(many);

        assertThatIllegalArgumentException().isThrownBy(() -> draft.sign(SECRET));
    }

    private static JsonObject claims() {
        return new JsonObject()
                .put("sub", "bob")
                .put("exp", NOW + 60)
                .put("iss", "us")
                .put("aud", "locks");
    }

    private static JsonObject without(String claim) {
        JsonObject claims = claims();
        claims.remove(claim);
        return claims;
    }

    private static JsonObject header(String algorithm) {
        return new JsonObject().put("typ", "JWT").put("alg", algorithm);
    }

    private static JsonArray list(String... texts) {
        return new JsonArray(List.of(texts));
    }

    private static TokenKey stranger(String algorithm) {
        return TokenKey.of(null, KeyPairs.of(algorithm).getPrivate());
    }

    private static Arguments refused(String what, @Nullable String token, String why) {
        return arguments(what, token, ErrorCode.TOKEN_INVALID, why);
    }

    private static Arguments expired(String what, String token) {
        return arguments(what, token, ErrorCode.TOKEN_EXPIRED, "has expired");
    }

    /** Another last character that stands for the same bytes: of the last six bits of 32 bytes, two are for nothing. */
    private static char other(String token) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet.charAt(alphabet.indexOf(token.charAt(token.length() - 1)) + 1);
    }

    private static String sign(JsonObject claims) {
        return sign(header("HS256"), claims, SECRET);
    }

    private static String sign(JsonObject header, JsonObject claims, TokenKey key) {
        return sign(base64(header.encode()), base64(claims.encode()), key);
    }

    /** Signed as the key does it, whatever the header says. */
    private static String sign(String header, String claims, TokenKey key) {
        String signed = header + '.' + claims;
        try {
            byte[] signature = key.algorithm().sign(key.key(), signed.getBytes(StandardCharsets.US_ASCII));
            return signed + '.' + base64(signature);
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
