// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.shard.Rights;
import io.rtmlocks.wire.ErrorCode;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SignatureException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks login tokens: JSON Web Tokens in their compact form (RFC 7519, RFC 8725).
 *
 * <ol>
 *   <li>size and form;
 *   <li>the algorithm is one of ours: the header may choose among them, never bring another, nor a key of its own;
 *   <li>the signature is by one of our keys for that algorithm, by the one that {@code kid} names if it names one;
 *   <li>{@code sub} is a user; {@code exp} is there and ahead, {@code nbf} is not; {@code iss} and {@code aud} are what they must
 *       be; {@code allow}, if it is there, holds the lines of {@link Rights}.
 * </ol>
 *
 * Nothing in a token is believed before its signature. A refusal says which of these failed. Thread-safe.
 */
public final class TokenCheck {
    static final int CHARACTERS_MAX = 8_192;
    static final String ALLOW = "allow";

    /** By how much the clock of the one who signs may differ from ours. */
    static final long LEEWAY_MS = 5_000;

    private final TokenRules rules;
    private final Supplier<List<TokenKey>> keys;

    /** @param keys those that count now, of whatever algorithm; asked for each token */
    public TokenCheck(TokenRules rules, Supplier<List<TokenKey>> keys) {
        this.rules = rules;
        this.keys = keys;
    }

    /**
     * A token that is good.
     *
     * @param keyId the key it names; empty for none
     * @param expiresAtUtcMillis until when, leeway included
     */
    public record Good(TokenAlgorithm algorithm, String keyId, String userId, long expiresAtUtcMillis, Rights rights) {}

    /** @throws LoginRefusedException when it is not good, saying why */
    public Good check(@Nullable String token, long nowUtcMillis) {
        if (token == null || token.isEmpty()) {
            throw refused("this server asks for a token");
        }
        if (token.length() > CHARACTERS_MAX) {
            throw refused("the token is longer than " + CHARACTERS_MAX + " characters");
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            throw refused("the token is not three parts with dots between");
        }
        JsonObject header = json("header", bytes("header", parts[0]));
        byte[] content = bytes("content", parts[1]);
        byte[] signature = bytes("signature", parts[2]);
        TokenAlgorithm algorithm = algorithm(header);
        String keyId = keyId(header);
        byte[] signed = (parts[0] + '.' + parts[1]).getBytes(StandardCharsets.US_ASCII);
        checkSignature(candidates(algorithm, keyId), signed, signature);
        JsonObject claims = json("content", content);
        String userId = checkClaims(claims, nowUtcMillis);
        return new Good(algorithm, keyId, userId, expiry(claims, nowUtcMillis), rights(claims));
    }

    private static byte[] bytes(String name, String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw refused("the token's " + name + " is not base64url");
        }
        throw refused("the token's " + name + " is not base64url as it must be written");
    }

    private static JsonObject json(String name, byte[] bytes) {
        try {
            if (Json.decodeValue(new String(bytes, StandardCharsets.UTF_8)) instanceof JsonObject json) {
                return json;
            }
        } catch (DecodeException e) {
            throw refused("the token's " + name + " is not JSON");
        }
        throw refused("the token's " + name + " is not a JSON object");
    }

    private TokenAlgorithm algorithm(JsonObject header) {
        if (!(header.getValue("alg") instanceof String name)) {
            throw refused("the token does not say how it is signed (alg)");
        }
        return TokenAlgorithm.ofName(name)
                .filter(rules.algorithms()::contains)
                .orElseThrow(
                        () -> refused("the token is signed in a way that this server does not take (alg): it takes "
                                + rules.algorithms()));
    }

    private static String keyId(JsonObject header) {
        if (header.containsKey("crit")) {
            throw refused("the token demands what this server does not know (crit)");
        }
        if (!(header.getValue("kid", "") instanceof String keyId)) {
            throw refused("the token names its key, but not by a text (kid)");
        }
        return keyId;
    }

    private List<TokenKey> candidates(TokenAlgorithm algorithm, String keyId) {
        List<TokenKey> candidates = keys.get().stream()
                .filter(key -> key.algorithm() == algorithm)
                .filter(key -> keyId.isEmpty() || key.id() == null || key.id().equals(keyId))
                .toList();
        if (candidates.isEmpty()) {
            throw refused(
                    keyId.isEmpty()
                            ? "this server has no key for " + algorithm
                            : "the token names a key that this server does not have (kid)");
        }
        return candidates;
    }

    private static void checkSignature(List<TokenKey> candidates, byte[] signed, byte[] signature) {
        for (TokenKey key : candidates) {
            if (isSignedBy(key, signed, signature)) {
                return;
            }
        }
        throw refused("the token's signature is not by a key of this server");
    }

    private static boolean isSignedBy(TokenKey key, byte[] signed, byte[] signature) {
        try {
            return key.algorithm().isSignedBy(key.key(), signed, signature);
        } catch (SignatureException e) {
            return false; // its length is wrong
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was found good cannot be used", e);
        }
    }

    /** @return the user it is for */
    private String checkClaims(JsonObject claims, long nowUtcMillis) {
        if (!(claims.getValue("sub") instanceof String userId)) {
            throw refused("the token does not say who it is for (sub)");
        }
        checkBegin(claims, nowUtcMillis);
        if (!rules.issuer().isEmpty() && !rules.issuer().equals(claims.getValue("iss"))) {
            throw refused("the token is not by the issuer that this server trusts (iss)");
        }
        checkAudience(claims);
        return userId;
    }

    private static void checkBegin(JsonObject claims, long nowUtcMillis) {
        if (!claims.containsKey("nbf")) {
            return;
        }
        if (!(claims.getValue("nbf") instanceof Number begins)) {
            throw refused("the token says when it begins (nbf), but not as a number");
        }
        if (nowUtcMillis < utcMillis(begins) - LEEWAY_MS) {
            throw refused("the token is not good yet (nbf)");
        }
    }

    private static long expiry(JsonObject claims, long nowUtcMillis) {
        if (!(claims.getValue("exp") instanceof Number expires)) {
            throw refused("the token does not say until when it is good (exp)");
        }
        long expiresAtUtcMillis = utcMillis(expires) + LEEWAY_MS;
        if (nowUtcMillis >= expiresAtUtcMillis) {
            throw new LoginRefusedException(ErrorCode.TOKEN_EXPIRED, "the token has expired: get a new one");
        }
        return expiresAtUtcMillis;
    }

    /** A token that is for somebody is not for us, unless we are that somebody (RFC 7519 §4.1.3). */
    private void checkAudience(JsonObject claims) {
        Object audience = claims.getValue("aud");
        boolean isOurs = audience instanceof JsonArray several
                ? several.contains(rules.audience())
                : rules.audience().equals(audience);
        if (rules.audience().isEmpty() ? claims.containsKey("aud") : !isOurs) {
            throw refused("the token is for another service (aud)");
        }
    }

    private static Rights rights(JsonObject claims) {
        if (!claims.containsKey(ALLOW)) {
            return Rights.ALL;
        }
        try {
            return Rights.of(lines(claims.getValue(ALLOW)));
        } catch (IllegalArgumentException e) {
            throw refused("the token's claim \"allow\" is wrong: " + e.getMessage());
        }
    }

    private static List<String> lines(@Nullable Object claim) {
        List<String> lines = new ArrayList<>();
        if (!(claim instanceof JsonArray list)) {
            throw new IllegalArgumentException("it is no list");
        }
        for (Object line : list) {
            if (!(line instanceof String text)) {
                throw new IllegalArgumentException("it is no list of texts");
            }
            lines.add(text);
        }
        return lines;
    }

    /** From seconds, which may have a fraction and any size; far beyond any clock it stays there. */
    private static long utcMillis(Number seconds) {
        double millis = seconds.doubleValue() * 1_000;
        return (long) Math.max(-1e15, Math.min(1e15, millis));
    }

    private static LoginRefusedException refused(String reason) {
        return new LoginRefusedException(ErrorCode.TOKEN_INVALID, reason);
    }
}
