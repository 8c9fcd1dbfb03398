// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.gateway.DemoNodes;
import io.rtmlocks.gateway.DemoNodes.DemoNode;
import io.rtmlocks.gateway.GatewaySettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that {@code dev} runs: one, or a cluster in one process, for this machine alone and without a login. Pages of any of
 * them may connect to all of them, and the demo page knows them.
 */
public final class DevNodes {
    public static final int NODES_MAX = 9;

    private static final int PORT = 8_080;
    private static final int MANAGEMENT_PORT_AFTER = 1_000;
    private static final int CLUSTER_PORT_AFTER = 2_000;
    private static final int BUS_PORT_AFTER = 2_100;
    private static final int PORT_MAX = 65_535;

    private final int size;
    private final @Nullable Integer port;
    private final Map<String, String> environment;
    private final List<Config> configs;

    /**
     * @param size of the cluster; 1 for a single node
     * @param port of the first node, the others take those after it; null for what is usual
     * @param environment sets the rest
     * @throws ConfigException naming everything that is wrong with the settings
     */
    public DevNodes(int size, @Nullable Integer port, Map<String, String> environment) {
        this.size = size;
        this.port = port;
        this.environment = Map.copyOf(environment);
        this.configs = IntStream.range(0, size)
                .mapToObj(node ->
                        Settings.read(null, this.environment, given(node)).toConfig())
                .toList();
    }

    public List<Config> configs() {
        return configs;
    }

    /** What the demo page is told: nothing by a single node. */
    public DemoNodes demoNodes() {
        return size == 1
                ? DemoNodes.NONE
                : new DemoNodes(configs.stream().map(DevNodes::demoNode).toList());
    }

    private static DemoNode demoNode(Config config) {
        String page = Urls.of(config.http(), config.http().port());
        return new DemoNode(config.node().name(), page.replaceFirst("http", "ws") + "rtm");
    }

    private Map<String, String> given(int node) {
        Map<String, String> given = new HashMap<>();
        given.put(ConfigKey.HTTP_HOST.path(), "127.0.0.1");
        given.put(ConfigKey.MANAGEMENT_HOST.path(), "127.0.0.1");
        given.put(ConfigKey.AUTH_MODE.path(), "none");
        String origins = environment.get(ConfigKey.HTTP_ALLOWED_ORIGINS.variable());
        if (origins == null) {
            given.put(ConfigKey.HTTP_ALLOWED_ORIGINS.path(), GatewaySettings.LOOPBACK);
        }
        if (size > 1) {
            member(given, node);
            if (origins != null) {
                given.put(ConfigKey.HTTP_ALLOWED_ORIGINS.path(), withPagesOfAll(origins));
            }
        } else if (port != null) {
            ports(given, port);
        }
        return given;
    }

    private void member(Map<String, String> given, int node) {
        ports(given, firstPort() + node);
        given.put(ConfigKey.NODE_NAME.path(), "node-" + (node + 1));
        given.put(ConfigKey.CLUSTER_HOST.path(), "127.0.0.1");
        given.put(ConfigKey.CLUSTER_PORT.path(), String.valueOf(clusterPort(node)));
        given.put(ConfigKey.CLUSTER_SIZE.path(), String.valueOf(size));
        given.put(
                ConfigKey.CLUSTER_MEMBERS.path(),
                IntStream.range(0, size)
                        .mapToObj(each -> "127.0.0.1:" + clusterPort(each))
                        .collect(Collectors.joining(",")));
    }

    private String withPagesOfAll(String origins) {
        String scheme = environment.containsKey(ConfigKey.HTTP_TLS_CERTIFICATE.variable()) ? "https" : "http";
        Stream<String> pages = IntStream.range(0, size)
                .boxed()
                .flatMap(node -> Stream.of("localhost", "127.0.0.1")
                        .map(host -> scheme + "://" + host + ':' + (firstPort() + node)));
        return Stream.concat(Allowed.items(origins).stream(), pages).collect(Collectors.joining(","));
    }

    private void ports(Map<String, String> given, int port) {
        given.put(ConfigKey.HTTP_PORT.path(), String.valueOf(port));
        if (size > 1 || !environment.containsKey(ConfigKey.MANAGEMENT_PORT.variable())) {
            given.put(ConfigKey.MANAGEMENT_PORT.path(), String.valueOf(port == 0 ? 0 : port + MANAGEMENT_PORT_AFTER));
        }
    }

    /** The highest port of a first node that leaves room for all the others. */
    static int portMax(int size, Map<String, String> environment) {
        if (size > 1) {
            return PORT_MAX - BUS_PORT_AFTER - size + 1;
        }
        return environment.containsKey(ConfigKey.MANAGEMENT_PORT.variable())
                ? PORT_MAX
                : PORT_MAX - MANAGEMENT_PORT_AFTER;
    }

    private int firstPort() {
        return port == null ? PORT : port;
    }

    private int clusterPort(int node) {
        return firstPort() + CLUSTER_PORT_AFTER + node;
    }
}
