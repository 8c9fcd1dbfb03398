// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the configuration file, for every command that reads it. */
final class ConfigOption {
    private static final Path USUAL = Path.of("conf/rtm-locks.yaml");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "The configuration; conf/rtm-locks.yaml when there is one. The environment (RTM_…) overrides it.")
    private @Nullable Path file;

    Settings settings(Map<String, String> environment) {
        return Settings.read(file(), environment, Map.of());
    }

    private @Nullable Path file() {
        return file == null && Files.exists(USUAL) ? USUAL : file;
    }
}
