// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "dev",
        description = {
            "Runs a node for trying things out: for this machine alone, without a login.",
            "Reads no file; the environment (RTM_…) sets the rest."
        })
final class DevCommand implements Callable<Integer> {
    private static final int MANAGEMENT_PORT_AFTER = 1_000;

    private final Map<String, String> environment;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port of the clients, 8080 by default; 1000 above it is health and metrics. 0 takes any.")
    private @Nullable Integer port;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "How many nodes to run; this version runs 1.",
            defaultValue = "1")
    private int nodes;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    DevCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (nodes != 1) {
            throw new ParameterException(
                    spec.commandLine(), "--nodes " + nodes + ": this version runs as a single node");
        }
        Config config = Settings.read(null, environment, given()).toConfig();
        return new NodeProcess(config, spec.commandLine()).run();
    }

    private Map<String, String> given() {
        Map<String, String> given = new HashMap<>();
        given.put(ConfigKey.HTTP_HOST.path(), "127.0.0.1");
        given.put(ConfigKey.MANAGEMENT_HOST.path(), "127.0.0.1");
        given.put(ConfigKey.AUTH_MODE.path(), "none");
        if (!environment.containsKey(ConfigKey.HTTP_ALLOWED_ORIGINS.variable())) {
            given.put(ConfigKey.HTTP_ALLOWED_ORIGINS.path(), "loopback");
        }
        if (port != null) {
            given.put(ConfigKey.HTTP_PORT.path(), port.toString());
            given.put(ConfigKey.MANAGEMENT_PORT.path(), String.valueOf(port == 0 ? 0 : port + MANAGEMENT_PORT_AFTER));
        }
        return given;
    }
}
