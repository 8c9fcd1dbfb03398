// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this node, by id and by the tokens with which a client comes back.
 *
 * <p>Two tokens are good at a time: the one of the last login reply, and the one that was used to get it, because that reply
 * may have been lost. Using the newer one ends the older.
 */
final class Sessions {

    private static final int SECRET_BYTES = 24;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> byId = new HashMap<>();
    private final Map<String, Session> byToken = new HashMap<>();

    int size() {
        return byId.size();
    }

    @Nullable
    Session byId(String id) {
        return byId.get(id);
    }

    /** An id or token that nobody can guess and nobody has had. */
    String newSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    void add(Session session) {
        byId.put(session.id, session);
        session.resumeToken = newSecret();
        byToken.put(session.resumeToken, session);
    }

    /**
     * The session of a token, for its user only; the session then has a new token.
     *
     * @return null for a token that is unknown, outlived or another user's
     */
    @Nullable
    Session resume(@Nullable String token, String userId) {
        if (token == null) {
            return null;
        }
        Session session = byToken.get(token);
        if (session == null || !session.userId.equals(userId)) {
            return null;
        }
        String other = session.resumeToken.equals(token) ? session.formerResumeToken : session.resumeToken;
        byToken.remove(other);
        session.formerResumeToken = token;
        session.resumeToken = newSecret();
        byToken.put(session.resumeToken, session);
        return session;
    }

    void forget(Session session) {
        byId.remove(session.id);
        byToken.remove(session.resumeToken);
        byToken.remove(session.formerResumeToken);
    }
}
