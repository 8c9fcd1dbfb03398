// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.wire.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets in who brings a {@link LoginToken} that is signed with the secret, in force, and made out to the user it logs in as. */
public final class JwtAuthenticator implements Authenticator {
    /** By how much the clock of the one who signs may differ from ours. */
    static final long LEEWAY_MS = 5_000;

    private final JWTAuth signer;
    private final InstantSource clock;

    /** @throws IllegalArgumentException when the secret is too short */
    public JwtAuthenticator(Vertx vertx, String secret, InstantSource clock) {
        this.signer = LoginToken.signer(vertx, secret);
        this.clock = clock;
    }

    @Override
    public Future<Access> authenticate(String userId, @Nullable String token) {
        if (token == null || token.isEmpty()) {
            return refused("this server asks for a token");
        }
        if (token.length() > LoginToken.CHARACTERS_MAX) {
            return refused("the token is longer than " + LoginToken.CHARACTERS_MAX + " characters");
        }
        return Future.succeededFuture(new TokenCredentials(token))
                .compose(signer::authenticate)
                .recover(failure -> refused("the token is none of ours: its form or its signature is wrong"))
                .compose(user -> accept(userId, claims(user)));
    }

    private Future<Access> accept(String userId, JsonObject claims) {
        if (!userId.equals(claims.getValue("sub"))) {
            return refused("the token is for another user");
        }
        if (!(claims.getValue("exp") instanceof Number expires)) {
            return refused("the token says not until when it is good");
        }
        if (claims.containsKey("nbf") && !hasBegun(claims.getValue("nbf"))) {
            return refused("the token is not good yet");
        }
        long expiresAtUtcMillis = utcMillis(expires) + LEEWAY_MS;
        if (clock.millis() >= expiresAtUtcMillis) {
            return Future.failedFuture(
                    new LoginRefusedException(ErrorCode.TOKEN_EXPIRED, "the token has expired: get a new one"));
        }
        return rights(claims).map(rights -> new Access(rights, expiresAtUtcMillis));
    }

    private boolean hasBegun(@Nullable Object notBefore) {
        return notBefore instanceof Number begins && clock.millis() >= utcMillis(begins) - LEEWAY_MS;
    }

    private static Future<Rights> rights(JsonObject claims) {
        if (!claims.containsKey(LoginToken.ALLOW)) {
            return Future.succeededFuture(Rights.ALL);
        }
        try {
            return Future.succeededFuture(Rights.of(lines(claims.getValue(LoginToken.ALLOW))));
        } catch (IllegalArgumentException e) {
            return refused("the token's claim \"allow\" is wrong: " + e.getMessage());
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

    private static JsonObject claims(User user) {
        return user.attributes().getJsonObject("accessToken");
    }

    /** From seconds, which may have a fraction and any size; far beyond any clock it stays there. */
    private static long utcMillis(Number seconds) {
        double millis = seconds.doubleValue() * 1_000;
        return (long) Math.max(-1e15, Math.min(1e15, millis));
    }

    private static <T> Future<T> refused(String reason) {
        return Future.failedFuture(new LoginRefusedException(ErrorCode.TOKEN_INVALID, reason));
    }
}
