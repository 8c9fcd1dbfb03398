// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;

/**
 * How a login token can be signed, under the name that RFC 7518 gives it. Others do not exist here, {@code none} least of all.
 * Each works with its own kind of key and throws for any other, so that a public key is never taken for a secret.
 */
public enum TokenAlgorithm {
    /** A secret that both sides know. */
    HS256("HmacSHA256", true),
    /** An RSA key. */
    RS256("SHA256withRSA", false),
    /** A key on the curve P-256. */
    ES256("SHA256withECDSAinP1363Format", false);

    private final String javaName;
    private final boolean secret;

    TokenAlgorithm(String javaName, boolean secret) {
        this.javaName = javaName;
        this.secret = secret;
    }

    static Optional<TokenAlgorithm> ofName(String name) {
        return Arrays.stream(values()).filter(each -> each.name().equals(name)).findFirst();
    }

    /** Whether who can check can sign as well. */
    public boolean needsSecret() {
        return secret;
    }

    /** @throws GeneralSecurityException when the key is of another kind */
    byte[] sign(Key key, byte[] signed) throws GeneralSecurityException {
        if (secret) {
            Mac mac = Mac.getInstance(javaName);
            mac.init(key);
            return mac.doFinal(signed);
        }
        Signature signature = Signature.getInstance(javaName);
        signature.initSign((PrivateKey) key);
        signature.update(signed);
        return signature.sign();
    }

    /** Whether this signature is by this key; in a time that tells nothing of a secret. */
    boolean isSignedBy(Key key, byte[] signed, byte[] signatureBytes) throws GeneralSecurityException {
        if (secret) {
            return MessageDigest.isEqual(sign(key, signed), signatureBytes);
        }
        Signature signature = Signature.getInstance(javaName);
        signature.initVerify((PublicKey) key);
        signature.update(signed);
        return signature.verify(signatureBytes);
    }
}
