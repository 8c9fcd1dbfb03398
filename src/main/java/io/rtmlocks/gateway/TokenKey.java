// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key that signs or checks login tokens by one algorithm and no other.
 *
 * @param id by which a token may name it; null for a key without a name
 */
public record TokenKey(@Nullable String id, TokenAlgorithm algorithm, Key key) {
    private static final int SECRET_BYTES_MIN = 32;
    private static final int RSA_BITS_MIN = 2_048;
    private static final ECParameterSpec P_256 = curve();

    /** @throws IllegalArgumentException when the secret is too short */
    public static TokenKey ofSecret(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < SECRET_BYTES_MIN) {
            throw new IllegalArgumentException("a secret of at least " + SECRET_BYTES_MIN + " bytes is needed");
        }
        return new TokenKey(null, TokenAlgorithm.HS256, new SecretKeySpec(bytes, "HmacSHA256"));
    }

    /**
     * A key of a pair.
     *
     * @throws IllegalArgumentException when it is too weak, or none for our algorithms
     */
    static TokenKey of(@Nullable String id, Key key) {
        if (key instanceof RSAKey rsa) {
            if (rsa.getModulus().bitLength() < RSA_BITS_MIN) {
                throw new IllegalArgumentException("an RSA key needs at least " + RSA_BITS_MIN + " bits");
            }
            return new TokenKey(id, TokenAlgorithm.RS256, key);
        }
        if (key instanceof ECKey ec && ec.getParams().getCurve().equals(P_256.getCurve())) {
            return new TokenKey(id, TokenAlgorithm.ES256, key);
        }
        throw new IllegalArgumentException("a key is RSA or on the curve P-256");
    }

    static ECParameterSpec p256() {
        return P_256;
    }

    private static ECParameterSpec curve() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has this curve", e);
        }
    }

    /** Shows no key. */
    @Override
    public String toString() {
        return "TokenKey[id=" + id + ", algorithm=" + algorithm + ']';
    }
}
