// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may log in as whom. Called on the context of a socket and must not block it; may be called by several at once.
 */
@FunctionalInterface
public interface Authenticator {

    /**
     * Checks a token for a user.
     *
     * @param userId legal, but claimed only
     * @param token as the client sent it, of any length and content; null when it sent none
     * @return what is granted; fails with {@link LoginRefusedException} and nothing else
     */
    Future<Access> authenticate(String userId, @Nullable String token);
}
