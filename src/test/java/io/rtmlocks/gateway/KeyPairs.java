// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** Pairs of keys for tests, and the forms in which they are kept. */
public final class KeyPairs {
    private KeyPairs() {}

    /** A new pair for RS256 or ES256. */
    public static KeyPair of(String algorithm) {
        return algorithm.equals("RS256") ? rsa(2_048) : ec("secp256r1");
    }

    static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    public static String pem(Key key) {
        String kind = key instanceof PrivateKey ? "PRIVATE KEY" : "PUBLIC KEY";
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
        return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
    }

    static JsonObject jwk(String id, PublicKey key) {
        JsonObject jwk = new JsonObject().put("kid", id).put("use", "sig");
        if (key instanceof RSAPublicKey rsa) {
            return jwk.put("kty", "RSA")
                    .put("alg", "RS256")
                    .put("n", number(rsa.getModulus(), 256))
                    .put("e", number(rsa.getPublicExponent(), 3));
        }
        ECPublicKey ec = (ECPublicKey) key;
        return jwk.put("kty", "EC")
                .put("crv", "P-256")
                .put("x", number(ec.getW().getAffineX(), 32))
                .put("y", number(ec.getW().getAffineY(), 32));
    }

    static String keySet(JsonObject... keys) {
        return new JsonObject()
                .put("keys", new JsonArray(java.util.List.of(keys)))
                .encode();
    }

    private static String number(BigInteger value, int bytes) {
        byte[] full = value.toByteArray();
        byte[] fixed = new byte[bytes];
        int length = Math.min(full.length, bytes);
        System.arraycopy(full, full.length - length, fixed, bytes - length, length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(fixed);
    }
}
