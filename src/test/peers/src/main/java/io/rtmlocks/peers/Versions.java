// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Finds out what is being measured. */
final class Versions {
    private Versions() {}

    /** The first line a program says when it is asked. */
    static String ask(String... command) throws IOException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said.lines().findFirst().orElse("");
    }

    /** The version in the name of the jar that a class is from: {@code lettuce-core-7.7.0.jar} → {@code 7.7.0}. */
    static String ofJar(Class<?> type) {
        Path jar =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
        return jar.getFileName().toString().replaceFirst("^.*?-(?=\\d)", "").replaceFirst("\\.jar$", "");
    }
}
