// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

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
            "Runs a node, or a cluster, for trying things out: for this machine alone, without a login.",
            "Reads no file; the environment (RTM_…) sets the rest, with --nodes all but the ports."
        })
final class DevCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = {
                "The port of the clients, 8080 by default. 1000 above it are health, metrics and /admin, unless "
                        + "RTM_MANAGEMENT_PORT says where. 0 takes any."
            })
    private @Nullable Integer port;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = {
                "How many nodes to run, on ports from PORT on, as one cluster. They speak to each other on ports from "
                        + "PORT + 2000 and from PORT + 2100 on."
            },
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
        if (nodes < 1 || nodes > DevNodes.NODES_MAX || (nodes > 1 && port != null && port == 0)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--nodes " + nodes + ": 1 to " + DevNodes.NODES_MAX + ", on ports that you name");
        }
        int portMax = DevNodes.portMax(nodes, environment);
        if (port != null && (port < 0 || port > portMax)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--port " + port + ": 0 to " + portMax
                            + ", which leaves room for the other ports that --help names");
        }
        DevNodes all = new DevNodes(nodes, port, environment);
        return new NodeProcess(all.configs(), all.demoNodes(), spec.commandLine()).run();
    }
}
