// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The values of {@code detail.cause} that the gateway writes: capitals in quotes, in sources that read so nowhere else. */
final class Causes {
    private static final Path GATEWAY = Path.of("src/main/java/io/rtmlocks/gateway");
    private static final Pattern CAUSE = Pattern.compile("\"(TOO_[A-Z_]+)\"");

    private Causes() {}

    static Set<String> ofTheGateway() {
        try (Stream<Path> files = Files.list(GATEWAY)) {
            return files.flatMap(file -> CAUSE.matcher(read(file)).results())
                    .map(cause -> cause.group(1))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
