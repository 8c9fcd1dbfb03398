// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.shard.Rights;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * A login token to be signed: for scripts, tests and trying things out. In earnest the application's own server signs them.
 * What {@link TokenCheck} would not take for its form is not made.
 */
public final class TokenDraft {
    private final JsonObject claims = new JsonObject();

    /** A token for this user, for everything. */
    public TokenDraft(String userId, Instant expires) {
        claims.put("sub", userId).put("exp", expires.getEpochSecond());
    }

    /** It is good only from then on. */
    public TokenDraft notBefore(Instant begins) {
        claims.put("nbf", begins.getEpochSecond());
        return this;
    }

    /** @param issuer empty for none */
    public TokenDraft issuer(String issuer) {
        return text("iss", issuer);
    }

    /** @param audience empty for none */
    public TokenDraft audience(String audience) {
        return text("aud", audience);
    }

    private TokenDraft text(String claim, String value) {
        if (!value.isEmpty()) {
            claims.put(claim, value);
        }
        return this;
    }

    /**
     * It allows only what these lines do.
     *
     * @throws IllegalArgumentException saying which line is wrong, and how
     */
    public TokenDraft allow(List<String> lines) {
        Rights.of(lines);
        claims.put(TokenCheck.ALLOW, new JsonArray(lines));
        return this;
    }

    /** @throws IllegalArgumentException when the token would be too long */
    public String sign(TokenKey key) {
        JsonObject header =
                new JsonObject().put("typ", "JWT").put("alg", key.algorithm().name());
        if (key.id() != null) {
            header.put("kid", key.id());
        }
        String signed = part(header) + '.' + part(claims);
        String token = signed + '.' + base64(signature(key, signed.getBytes(StandardCharsets.US_ASCII)));
        if (token.length() > TokenCheck.CHARACTERS_MAX) {
            throw new IllegalArgumentException(
                    "the token would be longer than " + TokenCheck.CHARACTERS_MAX + " characters: allow less");
        }
        return token;
    }

    private static byte[] signature(TokenKey key, byte[] signed) {
        try {
            return key.algorithm().sign(key.key(), signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key cannot sign: " + e.getMessage(), e);
        }
    }

    private static String part(JsonObject json) {
        return base64(json.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
