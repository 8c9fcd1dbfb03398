// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds out, after a node failed to listen, which of its ports were the reason. */
final class Ports {
    private Ports() {}

    /**
     * A port that cannot be listened on.
     *
     * @param mayPass whether it may be gone later: another program has the port now, or the name of the address is not known yet
     * @param sentence why, and what to do
     */
    record Obstacle(boolean mayPass, String sentence) {}

    /** What stands in the way now; empty when all ports could be listened on. */
    static List<Obstacle> obstacles(Config config) {
        Config.Cluster cluster = config.cluster();
        Stream<Optional<Obstacle>> own = Stream.of(
                obstacle(config.http().host(), config.http().port(), ConfigKey.HTTP_HOST, ConfigKey.HTTP_PORT),
                obstacle(
                        config.management().host(),
                        config.management().port(),
                        ConfigKey.MANAGEMENT_HOST,
                        ConfigKey.MANAGEMENT_PORT));
        Stream<Optional<Obstacle>> amongNodes = cluster.members().isEmpty()
                ? Stream.of()
                : Stream.of(
                        obstacle(cluster.host(), cluster.port(), ConfigKey.CLUSTER_HOST, ConfigKey.CLUSTER_PORT),
                        obstacle(
                                cluster.host(), cluster.busPort(), ConfigKey.CLUSTER_HOST, ConfigKey.CLUSTER_BUS_PORT));
        return Stream.concat(own, amongNodes).flatMap(Optional::stream).toList();
    }

    private static Optional<Obstacle> obstacle(String host, int port, ConfigKey hostKey, ConfigKey portKey) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
            return Optional.empty();
        } catch (IOException e) {
            String why = words(String.valueOf(e.getMessage()));
            boolean busy = why.contains("in use");
            String remedy = busy
                    ? "stop the program that uses it, or choose another port with " + named(portKey)
                            + " (dev with --nodes: only with --port)"
                    : "choose another address with " + named(hostKey) + " or another port with " + named(portKey);
            return Optional.of(new Obstacle(
                    busy || address.isUnresolved(),
                    "Port " + port + " of " + host + ": " + why + ". To go on, " + remedy + '.'));
        }
    }

    /** What Java says, for those who do not know its words. */
    private static String words(String why) {
        if (why.contains("Unresolved")) {
            return "there is no address of this name";
        }
        return why.contains("Cannot assign") ? "this machine has no such address" : why;
    }

    private static String named(ConfigKey key) {
        return key.path() + " or " + key.variable();
    }
}
