// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this node, by id and by the tokens with which a client comes back.
 *
 * <p>Two tokens are good at a time: the one of the last login reply, and the one that was used to get it, because that reply
 * may have been lost. Using the newer one ends the older.
 */
final class Sessions {

    private static final int SECRET_BYTES = 24;

    private final Random random;
    private final Map<String, Session> byId = new HashMap<>();
    private final Map<String, Session> byToken = new HashMap<>();
    private final ResumeTokens tokens;
    private final String gateway;

    /**
     * @param gateway the address of this node, which tokens carry to others
     * @param random of which nobody can guess anything
     */
    Sessions(ResumeTokens tokens, String gateway, Random random) {
        this.tokens = tokens;
        this.gateway = gateway;
        this.random = random;
    }

    /** All of them, as they are now. */
    List<Session> all() {
        return List.copyOf(byId.values());
    }

    int size() {
        return byId.size();
    }

    /** How many of them are here now; looks at each. */
    int online() {
        return (int) byId.values().stream().filter(session -> session.online).count();
    }

    /** How many of their requests have no answer yet; looks at each session. */
    int unanswered() {
        return byId.values().stream()
                .mapToInt(session -> session.pending.size())
                .sum();
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
        giveToken(session);
    }

    /** A session that comes from another node, with the token it was given there. */
    void add(Session session, String token) {
        add(session);
        session.formerResumeToken = token;
        byToken.put(token, session);
    }

    private void giveToken(Session session) {
        ResumeTokens.Claim claim = new ResumeTokens.Claim(session.id, session.userId, session.logins, gateway);
        session.resumeToken = tokens.sign(claim, newSecret());
        byToken.put(session.resumeToken, session);
    }

    /** @return where the session of this token was, if that is not here, and it is this user's */
    ResumeTokens.@Nullable Claim elsewhere(@Nullable String token, String userId) {
        ResumeTokens.Claim claim = token == null ? null : tokens.verify(token);
        boolean isElsewhere = claim != null
                && claim.userId().equals(userId)
                && !claim.gateway().equals(gateway)
                && !byId.containsKey(claim.sessionId());
        return isElsewhere ? claim : null;
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
        session.loggedInAgain(session.logins + 1);
        giveToken(session);
        return session;
    }

    void forget(Session session) {
        byId.remove(session.id);
        byToken.remove(session.resumeToken);
        byToken.remove(session.formerResumeToken);
    }
}
