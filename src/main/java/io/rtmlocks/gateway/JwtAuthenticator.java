// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.wire.ErrorCode;
import io.vertx.core.Future;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Lets in who brings a token that is good ({@link TokenCheck}) and made out to the user it logs in as. */
public final class JwtAuthenticator implements Authenticator {
    private final TokenCheck check;
    private final InstantSource clock;

    public JwtAuthenticator(TokenCheck check, InstantSource clock) {
        this.check = check;
        this.clock = clock;
    }

    @Override
    public Future<Access> authenticate(String userId, @Nullable String token) {
        try {
            TokenCheck.Good good = check.check(token, clock.millis());
            if (!good.userId().equals(userId)) {
                throw new LoginRefusedException(ErrorCode.TOKEN_INVALID, "the token is for another user (sub)");
            }
            return Future.succeededFuture(new Access(good.rights(), good.expiresAtUtcMillis()));
        } catch (LoginRefusedException refusal) {
            return Future.failedFuture(refusal);
        }
    }
}
