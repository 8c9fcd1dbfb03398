// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tls;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PfxOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What one end of a TLS connection shows: a certificate, those that vouch for it, and the key that belongs to it.
 *
 * @param chain its own certificate first
 */
public record Credentials(PrivateKey key, List<X509Certificate> chain) {

    /** Protects nothing: the store never leaves memory, but its format asks for a password. */
    private static final String PASSWORD = "in-memory";

    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    public Credentials {
        chain = List.copyOf(chain);
    }

    /**
     * Reads both files; blocks.
     *
     * @param certificate its chain may follow in the same file
     * @throws UnusablePemException when one cannot be read, they do not belong together, or it is not their time
     */
    public static Credentials read(Path certificate, Path key) throws UnusablePemException {
        return of(certificate, Pem.bytes(certificate), key, Pem.bytes(key), Instant.now());
    }

    static Credentials of(Path certificate, byte[] certificateBytes, Path key, byte[] keyBytes, Instant now)
            throws UnusablePemException {
        List<X509Certificate> chain = Pem.certificates(certificate, certificateBytes);
        String algorithm = chain.get(0).getPublicKey().getAlgorithm();
        Credentials read = new Credentials(Pem.key(key, keyBytes, algorithm), chain);
        if (!read.belongTogether()) {
            throw new UnusablePemException(key, "it is not the key of the certificate in " + certificate);
        }
        if (now.isAfter(read.end())) {
            throw new UnusablePemException(certificate, "its certificate expired at " + read.end() + ": renew it");
        }
        Instant beginning = chain.get(0).getNotBefore().toInstant();
        if (now.isBefore(beginning)) {
            throw new UnusablePemException(
                    certificate,
                    "its certificate is not valid before " + beginning + ", and here it is " + now
                            + ": take another, or set the clock");
        }
        return read;
    }

    /** Until when the certificate is good; those that vouch for it are not looked at. */
    Instant end() {
        return chain.get(0).getNotAfter().toInstant();
    }

    /** @throws UnusablePemException when no certificate can be read from it */
    public static List<X509Certificate> authorities(Path file) throws UnusablePemException {
        return Pem.certificates(file, Pem.bytes(file));
    }

    private boolean belongTogether() {
        try {
            Signature signature = Signature.getInstance(SIGNATURES.getOrDefault(key.getAlgorithm(), "EdDSA"));
            byte[] any = {1};
            signature.initSign(key);
            signature.update(any);
            byte[] signed = signature.sign();
            signature.initVerify(chain.get(0).getPublicKey());
            signature.update(any);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** For the end that shows them. */
    public PfxOptions shown() {
        return options(
                store -> store.setKeyEntry("own", key, PASSWORD.toCharArray(), chain.toArray(X509Certificate[]::new)));
    }

    /** For the end that trusts these certificates, and those they vouch for. */
    public static PfxOptions trusted(List<X509Certificate> certificates) {
        return options(store -> {
            for (int i = 0; i < certificates.size(); i++) {
                store.setCertificateEntry("trusted-" + i, certificates.get(i));
            }
        });
    }

    private static PfxOptions options(Filling filling) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, PASSWORD.toCharArray());
            filling.fill(store);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, PASSWORD.toCharArray());
            return new PfxOptions().setPassword(PASSWORD).setValue(Buffer.buffer(bytes.toByteArray()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory failed", e);
        }
    }

    @Override
    public String toString() {
        return "Credentials[" + chain.get(0).getSubjectX500Principal() + ']';
    }

    private interface Filling {
        void fill(KeyStore store) throws GeneralSecurityException;
    }
}
