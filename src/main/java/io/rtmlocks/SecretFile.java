// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** A file that holds one secret and nothing else, as Docker and Kubernetes hand them over. Blanks and line ends around it do not count. */
final class SecretFile {
    private static final int BYTES_MAX = 65_536;

    private SecretFile() {}

    /** @throws IOException whose message completes a sentence about the file, and holds nothing of its content */
    static String read(String file) throws IOException {
        String secret = text(file).strip();
        if (secret.isEmpty()) {
            throw new IOException("that file is empty");
        }
        return secret;
    }

    private static String text(String file) throws IOException {
        try {
            Path path = Path.of(file);
            if (!Files.isRegularFile(path)) {
                throw new IOException("there is no such file");
            }
            if (Files.size(path) > BYTES_MAX) {
                throw new IOException("that file has over " + BYTES_MAX + " bytes");
            }
            return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        } catch (InvalidPathException e) {
            throw new IOException("that is no name of a file", e);
        }
    }
}
