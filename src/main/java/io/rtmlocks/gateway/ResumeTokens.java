// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a client shows to come back to its session, at any node: who it is and where it was, signed by the cluster.
 *
 * <p>Confined to one thread.
 */
final class ResumeTokens {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String SEPARATOR = "\n";
    private static final int PARTS = 5;

    private final Mac mac;

    /**
     * Where a session was.
     *
     * @param logins how many it had had
     * @param gateway the address of the node
     */
    record Claim(String sessionId, String userId, long logins, String gateway) {}

    /** @param secret what all nodes of the cluster know, and nobody else */
    ResumeTokens(String secret) {
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param salt what nobody can guess: two tokens of the same login differ */
    String sign(Claim claim, String salt) {
        byte[] content = String.join(
                        SEPARATOR, claim.sessionId, claim.userId, String.valueOf(claim.logins), claim.gateway, salt)
                .getBytes(StandardCharsets.UTF_8);
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(content) + "." + base64.encodeToString(mac.doFinal(content));
    }

    /** @return null for what this cluster has not signed */
    @Nullable
    Claim verify(String token) {
        int dot = token.indexOf('.');
        if (dot < 0) {
            return null;
        }
        try {
            byte[] content = Base64.getUrlDecoder().decode(token.substring(0, dot));
            byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
            if (!MessageDigest.isEqual(signature, mac.doFinal(content))) {
                return null;
            }
            String[] parts = new String(content, StandardCharsets.UTF_8).split(SEPARATOR, -1);
            return parts.length == PARTS ? new Claim(parts[0], parts[1], Long.parseLong(parts[2]), parts[3]) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
