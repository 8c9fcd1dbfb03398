// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of this node, by id and by the tokens with which a client comes back.
 *
 * <p>Two tokens are good at a time: the one of the last login reply, and the one that was used to get it, because that reply
 * may have been lost. Using the newer one ends the older. Logins with the same token count as one, wherever they come.
 */
final class Sessions {

    private static final int SECRET_BYTES = 24;
    private static final int MOVED_MAX = 10_000;

    private final Random random;
    private final Map<String, Session> byId = new HashMap<>();
    private final Map<String, Session> byToken = new HashMap<>();

    /** The ids of those that went on at other nodes: the reply that told a client so may have been lost. */
    private final Set<String> moved = new LinkedHashSet<>();

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
        moved.remove(session.id);
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

    /** @return where the session of this token was, if it is this user's, and not known to be as far here, or over */
    ResumeTokens.@Nullable Claim elsewhere(@Nullable String token, String userId) {
        ResumeTokens.Claim claim = token == null ? null : tokens.verify(token);
        if (claim == null || !claim.userId().equals(userId)) {
            return null;
        }
        Session known = byId.get(claim.sessionId());
        boolean isOver = known == null && claim.gateway().equals(gateway) && !moved.contains(claim.sessionId());
        boolean isOutlived = known != null && known.logins > claim.logins();
        return isOver || isOutlived ? null : claim;
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
        boolean isLatest = session.resumeToken.equals(token);
        byToken.remove(isLatest ? session.formerResumeToken : session.resumeToken);
        session.formerResumeToken = token;
        session.loggedInAgain(isLatest ? session.logins + 1 : session.logins);
        giveToken(session);
        return session;
    }

    /** The session goes on at another node. */
    void letGo(Session session) {
        forget(session);
        moved.remove(session.id);
        moved.add(session.id);
        if (moved.size() > MOVED_MAX) {
            moved.remove(moved.iterator().next());
        }
    }

    void forget(Session session) {
        byId.remove(session.id);
        byToken.remove(session.resumeToken);
        byToken.remove(session.formerResumeToken);
    }
}
