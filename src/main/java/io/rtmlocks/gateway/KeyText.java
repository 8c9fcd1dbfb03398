// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keys as people keep them: PEM (RFC 7468), any number one after the other, or a JSON Web Key Set (RFC 7517). Every method
 * throws {@link IllegalArgumentException}, saying what is wrong, when it is none of these.
 */
final class KeyText {
    private static final Pattern PEM = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
    private static final List<String> KINDS = List.of("RSA", "EC");
    private static final String PUBLIC = "PUBLIC KEY";
    private static final String PRIVATE = "PRIVATE KEY";

    private KeyText() {}

    /** The public keys of a text; at least one. A private key among them is refused: it does not belong where tokens are checked. */
    static List<TokenKey> publicKeys(String text) {
        List<TokenKey> keys = text.stripLeading().startsWith("{") ? keySet(text) : pem(text, PUBLIC);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there is no public key for RS256 or ES256 in it");
        }
        return keys;
    }

    /** The one private key of a text in PEM. */
    static TokenKey privateKey(String text) {
        List<TokenKey> keys = pem(text, PRIVATE);
        if (keys.size() != 1) {
            throw new IllegalArgumentException("there must be one private key in it, as -----BEGIN PRIVATE KEY-----");
        }
        return keys.get(0);
    }

    private static List<TokenKey> pem(String text, String wanted) {
        List<TokenKey> keys = new ArrayList<>();
        for (Matcher block = PEM.matcher(text); block.find(); ) {
            if (!block.group(1).equals(wanted)) {
                throw new IllegalArgumentException(
                        "it holds a " + block.group(1) + " where a " + wanted + " is needed, in the form of that name");
            }
            byte[] bytes = Base64.getMimeDecoder().decode(block.group(2));
            keys.add(TokenKey.of(null, wanted.equals(PUBLIC) ? publicKey(bytes) : privateKey(bytes)));
        }
        return keys;
    }

    private static Key publicKey(byte[] bytes) {
        for (String kind : KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(new X509EncodedKeySpec(bytes));
            } catch (GeneralSecurityException e) {
                // it may be of the other kind
            }
        }
        throw new IllegalArgumentException("a public key in it is neither RSA nor EC");
    }

    private static Key privateKey(byte[] bytes) {
        for (String kind : KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(bytes));
            } catch (GeneralSecurityException e) {
                // it may be of the other kind
            }
        }
        throw new IllegalArgumentException("the private key in it is neither RSA nor EC");
    }

    /** Keys that are for something else (another algorithm, encryption) are passed over, as RFC 7517 asks. */
    private static List<TokenKey> keySet(String text) {
        try {
            List<TokenKey> keys = new ArrayList<>();
            for (Object each : new JsonObject(text).getJsonArray("keys", new JsonArray())) {
                JsonObject jwk = (JsonObject) each;
                if (jwk.containsKey("d")) {
                    throw new IllegalArgumentException("it holds a private key, which belongs to the signer alone");
                }
                KeySpec spec = isForUs(jwk) ? spec(jwk) : null;
                if (spec != null) {
                    keys.add(TokenKey.of(
                            jwk.getString("kid"),
                            KeyFactory.getInstance(jwk.getString("kty")).generatePublic(spec)));
                }
            }
            return keys;
        } catch (DecodeException | ClassCastException | GeneralSecurityException e) {
            throw new IllegalArgumentException("it is no JSON Web Key Set: " + e.getMessage(), e);
        }
    }

    private static boolean isForUs(JsonObject jwk) {
        String algorithm = jwk.getString("alg");
        return "sig".equals(jwk.getString("use", "sig"))
                && (algorithm == null || TokenAlgorithm.ofName(algorithm).isPresent());
    }

    private static @Nullable KeySpec spec(JsonObject jwk) {
        if ("RSA".equals(jwk.getString("kty"))) {
            return new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e"));
        }
        if ("EC".equals(jwk.getString("kty")) && "P-256".equals(jwk.getString("crv"))) {
            return new ECPublicKeySpec(new ECPoint(number(jwk, "x"), number(jwk, "y")), TokenKey.p256());
        }
        return null;
    }

    private static BigInteger number(JsonObject jwk, String name) {
        try {
            return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.getString(name, "")));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the " + name + " of a key is not base64url", e);
        }
    }
}
