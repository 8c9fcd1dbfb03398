// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "config", description = "Prints or checks the configuration.")
final class ConfigCommand implements Runnable {
    private static final String DEFAULT_FILE = "/conf/rtm-locks.yaml";

    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    ConfigCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which of them: default, check or show?");
    }

    @Command(name = "default", description = "Prints a configuration file that says of every setting what it does.")
    void printDefault() {
        try (InputStream file =
                Objects.requireNonNull(ConfigCommand.class.getResourceAsStream(DEFAULT_FILE), DEFAULT_FILE)) {
            out().print(new String(file.readAllBytes(), StandardCharsets.UTF_8));
            out().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Command(name = "check", description = "Says whether a node would start with it.")
    void check(@Mixin ConfigOption config) {
        config.settings(environment).toConfig();
        out().println("The configuration is good.");
    }

    @Command(name = "show", description = "Prints the settings in force and where each came from; no secret.")
    void show(@Mixin ConfigOption config) {
        Settings settings = config.settings(environment);
        settings.toConfig();
        String section = "";
        for (ConfigKey key : ConfigKey.values()) {
            if (!key.section().equals(section)) {
                section = key.section();
                out().println(section + ":");
            }
            out().println("  " + key.label() + ": " + plain(settings.shown(key)) + "  # " + settings.origin(key));
        }
    }

    /** Without quotes where YAML needs none. */
    private static String plain(String shown) {
        return shown.matches("\"[A-Za-z0-9][A-Za-z0-9.-]*\"") ? shown.substring(1, shown.length() - 1) : shown;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
