// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * The token of a login: a JSON Web Token signed with HMAC-SHA-256, {@code sub} the user, {@code exp} required, {@code nbf}
 * respected, {@code allow} the lines of its {@link Rights}.
 */
public final class LoginToken {
    static final String ALGORITHM = "HS256";
    static final String ALLOW = "allow";
    static final int SECRET_BYTES_MIN = 32;
    static final int CHARACTERS_MAX = 8_192;

    private LoginToken() {}

    /**
     * Makes a token.
     *
     * @param allow the lines of its rights; empty for everything
     * @throws IllegalArgumentException when a line is wrong, the secret is too short, or the token would be too long
     */
    public static String sign(Vertx vertx, String secret, String userId, Instant expires, List<String> allow) {
        Rights.of(allow);
        JsonObject claims = new JsonObject().put("sub", userId).put("exp", expires.getEpochSecond());
        if (!allow.isEmpty()) {
            claims.put(ALLOW, new JsonArray(allow));
        }
        String token = signer(vertx, secret).generateToken(claims, new JWTOptions().setAlgorithm(ALGORITHM));
        if (token.length() > CHARACTERS_MAX) {
            throw new IllegalArgumentException(
                    "the token would be longer than " + CHARACTERS_MAX + " characters: allow less");
        }
        return token;
    }

    /** Signs and checks with this secret, by the one algorithm and no other. Leaves times to its user. */
    static JWTAuth signer(Vertx vertx, String secret) {
        if (secret.getBytes(StandardCharsets.UTF_8).length < SECRET_BYTES_MIN) {
            throw new IllegalArgumentException("a secret of at least " + SECRET_BYTES_MIN + " bytes is needed");
        }
        return JWTAuth.create(
                vertx,
                new JWTAuthOptions()
                        .addPubSecKey(
                                new PubSecKeyOptions().setAlgorithm(ALGORITHM).setBuffer(secret))
                        .setJWTOptions(new JWTOptions().setIgnoreExpiration(true)));
    }
}
