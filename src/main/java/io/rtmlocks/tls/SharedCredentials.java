// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Credentials that everybody makes for themselves who knows the same secret, equal to the last byte. Who trusts this one
 * certificate trusts those who know the secret, and nobody else can use it.
 *
 * <p>An Ed25519 key whose seed comes from the secret, and a certificate it signed itself (RFC 8410; its signatures are
 * deterministic), valid as long as the format can say.
 */
public final class SharedCredentials {

    static final int SEED_BYTES = 32;

    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int UTF8 = 0x0c;
    private static final int TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final byte[] VERSION_3 = {(byte) 0xa0, 3, INTEGER, 1, 2};
    private static final byte[] SERIAL = {INTEGER, 1, 1};
    private static final byte[] ED25519 = {SEQUENCE, 5, 6, 3, 0x2b, 0x65, 0x70};
    private static final byte[] COMMON_NAME = {6, 3, 0x55, 4, 3};
    private static final int SHORT_LENGTH_MAX = 127;
    private static final int BYTE_MAX = 255;

    private SharedCredentials() {}

    /** @param seed {@value #SEED_BYTES} bytes that only those know who may use the credentials */
    public static Credentials of(byte[] seed) {
        try {
            KeyPair pair = pair(seed);
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate(pair)));
            return new Credentials(pair.getPrivate(), List.of(certificate));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks Ed25519", e);
        }
    }

    /** An Ed25519 key is its seed: the generator asks for these bytes and no others (RFC 8032 §5.1.5). */
    static KeyPair pair(byte[] seed) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(255, new Seed(seed));
        return generator.generateKeyPair();
    }

    private static byte[] certificate(KeyPair pair) throws GeneralSecurityException {
        byte[] name = node(SEQUENCE, node(SET, node(SEQUENCE, COMMON_NAME, text(UTF8, "rtm-locks cluster"))));
        byte[] validity = node(SEQUENCE, text(TIME, "20200101000000Z"), text(TIME, "99991231235959Z"));
        byte[] body = node(
                SEQUENCE,
                VERSION_3,
                SERIAL,
                ED25519,
                name,
                validity,
                name,
                pair.getPublic().getEncoded());
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        return node(SEQUENCE, body, ED25519, node(BIT_STRING, new byte[1], signature.sign()));
    }

    private static byte[] text(int tag, String text) {
        return node(tag, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** A node of DER: its tag, its length, its content. */
    private static byte[] node(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream node = new ByteArrayOutputStream();
        node.write(tag);
        int length = content.size();
        if (length > BYTE_MAX) {
            node.write(0x82);
            node.write(length >> Byte.SIZE);
        } else if (length > SHORT_LENGTH_MAX) {
            node.write(0x81);
        }
        node.write(length);
        node.writeBytes(content.toByteArray());
        return node.toByteArray();
    }

    private static final class Seed extends SecureRandom {

        private static final long serialVersionUID = 1L;

        private final transient byte[] bytes;

        Seed(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] target) {
            if (target.length != bytes.length) {
                throw new IllegalStateException("Ed25519 asked for " + target.length + " bytes");
            }
            System.arraycopy(bytes, 0, target, 0, bytes.length);
        }
    }
}
