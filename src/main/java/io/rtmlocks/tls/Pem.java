// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as PEM files hold them. Blocks while it reads. */
final class Pem {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([A-Za-z0-9+/=\\s]*)-----END [A-Z ]*PRIVATE KEY-----");
    private static final String READABLE = "PRIVATE KEY";
    private static final long FILE_BYTES_MAX = 1 << 20;

    private Pem() {}

    static byte[] bytes(Path file) throws UnusablePemException {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new UnusablePemException(file, "it is larger than a PEM file could be");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UnusablePemException(file, "it cannot be read: " + e);
        }
    }

    /** @return at least one; the first is the file's own, those that vouch for it follow */
    static List<X509Certificate> certificates(Path file, byte[] content) throws UnusablePemException {
        try {
            List<X509Certificate> chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(content))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (chain.isEmpty()) {
                throw new UnusablePemException(file, "there is no certificate in it");
            }
            return chain;
        } catch (CertificateException e) {
            throw new UnusablePemException(file, "its certificate cannot be read: " + e.getMessage());
        }
    }

    /** @param algorithm of the key, as the certificate names it */
    static PrivateKey key(Path file, byte[] content, String algorithm) throws UnusablePemException {
        Matcher key = KEY.matcher(new String(content, StandardCharsets.US_ASCII));
        if (!key.find()) {
            throw new UnusablePemException(file, "there is no private key in it");
        }
        if (!key.group(1).equals(READABLE)) {
            throw new UnusablePemException(
                    file,
                    "it begins with BEGIN " + key.group(1) + ", and must be unencrypted PKCS #8: convert it with"
                            + " openssl pkcs8 -topk8 -nocrypt");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(key.group(2));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new UnusablePemException(file, "it is not the " + algorithm + " key of the certificate");
        }
    }
}
