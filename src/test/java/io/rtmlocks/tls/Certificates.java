// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate and its key, made for a test by the JDK's own tool, as PEM files. */
public final class Certificates {

    private static final String PASSWORD = "changeit";

    private final Path certificate;
    private final Path key;

    /** @param name of whom the certificate is, and of the files */
    public Certificates(Path directory, String name) throws Exception {
        this(directory, name, "-1d", 30);
    }

    /**
     * @param from when it begins to be valid, as keytool reads it
     * @param days it is valid from then on
     */
    public Certificates(Path directory, String name, String from, int days) throws Exception {
        Path store = directory.resolve(name + ".p12");
        Process tool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-startdate",
                        from,
                        "-validity",
                        String.valueOf(days),
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(tool.getInputStream().readAllBytes());
        if (tool.waitFor() != 0) {
            throw new IOException(said);
        }
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            made.load(in, PASSWORD.toCharArray());
        }
        byte[] keyBytes = made.getKey(name, PASSWORD.toCharArray()).getEncoded();
        certificate = pem(
                directory.resolve(name + ".pem"),
                "CERTIFICATE",
                made.getCertificate(name).getEncoded());
        key = pem(directory.resolve(name + ".key"), "PRIVATE KEY", keyBytes);
    }

    private static Path pem(Path file, String what, byte[] bytes) throws IOException {
        return Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + what
                        + "-----\n");
    }

    public Path certificate() {
        return certificate;
    }

    public Path key() {
        return key;
    }

    public Credentials credentials() throws UnusablePemException {
        return Credentials.read(certificate, key);
    }
}
