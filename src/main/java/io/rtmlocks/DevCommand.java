// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "dev",
        description = {
            "Runs a node, or a cluster, for trying things out: for this machine alone, without a login.",
            "Reads no file; the environment (RTM_…) sets the rest."
        })
final class DevCommand implements Callable<Integer> {
    private static final int PORT = 8_080;
    private static final int NODES_MAX = 9;
    private static final int MANAGEMENT_PORT_AFTER = 1_000;
    private static final int CLUSTER_PORT_AFTER = 2_000;

    private final Map<String, String> environment;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port of the clients, 8080 by default; 1000 above it is health and metrics. 0 takes any.")
    private @Nullable Integer port;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "How many nodes to run, on ports from PORT on, as one cluster.",
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
        if (nodes < 1 || nodes > NODES_MAX || (nodes > 1 && port != null && port == 0)) {
            throw new ParameterException(
                    spec.commandLine(), "--nodes " + nodes + ": 1 to " + NODES_MAX + ", on ports that you name");
        }
        List<Config> configs = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            configs.add(Settings.read(null, environment, given(i)).toConfig());
        }
        return new NodeProcess(configs, spec.commandLine()).run();
    }

    private Map<String, String> given(int node) {
        Map<String, String> given = new HashMap<>();
        given.put(ConfigKey.HTTP_HOST.path(), "127.0.0.1");
        given.put(ConfigKey.MANAGEMENT_HOST.path(), "127.0.0.1");
        given.put(ConfigKey.AUTH_MODE.path(), "none");
        if (!environment.containsKey(ConfigKey.HTTP_ALLOWED_ORIGINS.variable())) {
            given.put(ConfigKey.HTTP_ALLOWED_ORIGINS.path(), "loopback");
        }
        if (nodes > 1) {
            int first = port == null ? PORT : port;
            port(given, first + node);
            given.put(ConfigKey.NODE_NAME.path(), "node-" + (node + 1));
            given.put(ConfigKey.CLUSTER_HOST.path(), "127.0.0.1");
            given.put(ConfigKey.CLUSTER_PORT.path(), String.valueOf(clusterPort(first, node)));
            given.put(ConfigKey.CLUSTER_SIZE.path(), String.valueOf(nodes));
            given.put(
                    ConfigKey.CLUSTER_MEMBERS.path(),
                    IntStream.range(0, nodes)
                            .mapToObj(each -> "127.0.0.1:" + clusterPort(first, each))
                            .collect(Collectors.joining(",")));
        } else if (port != null) {
            port(given, port);
        }
        return given;
    }

    private static void port(Map<String, String> given, int port) {
        given.put(ConfigKey.HTTP_PORT.path(), String.valueOf(port));
        given.put(ConfigKey.MANAGEMENT_PORT.path(), String.valueOf(port == 0 ? 0 : port + MANAGEMENT_PORT_AFTER));
    }

    private static int clusterPort(int firstPort, int node) {
        return firstPort + CLUSTER_PORT_AFTER + node;
    }
}
