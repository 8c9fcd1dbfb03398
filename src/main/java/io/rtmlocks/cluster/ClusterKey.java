// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the nodes of one cluster know and nobody else: made of the cluster's name and secret, another one for each purpose, so that
 * nothing that is sent tells the secret or serves for something else.
 */
final class ClusterKey {

    private static final String MAC = "HmacSHA256";

    private final byte[] bytes;

    private ClusterKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @param purpose a word that no other purpose uses */
    static ClusterKey of(String cluster, String secret, String purpose) {
        byte[] key = ("rtm-locks secret " + secret).getBytes(StandardCharsets.UTF_8);
        return new ClusterKey(mac(key, (purpose + ' ' + cluster).getBytes(StandardCharsets.UTF_8)));
    }

    /** Proves that whoever made it knew this key and these bytes. */
    byte[] prove(byte[]... parts) {
        return mac(bytes, parts);
    }

    byte[] bytes() {
        return bytes.clone();
    }

    private static byte[] mac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key, MAC));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
