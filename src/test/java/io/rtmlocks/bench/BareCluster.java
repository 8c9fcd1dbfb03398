// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.Map;

/** Vert.x clustered by Hazelcast over loopback, with the settings that the service takes to join quickly, and nothing else. */
final class BareCluster {
    private static final Map<String, String> PROPERTIES = Map.of(
            "hazelcast.logging.type", "slf4j",
            "hazelcast.phone.home.enabled", "false",
            "hazelcast.socket.bind.any", "false",
            "hazelcast.local.localAddress", "127.0.0.1",
            "hazelcast.wait.seconds.before.join", "0",
            "hazelcast.partition.count", "31",
            "hazelcast.operation.thread.count", "2",
            "hazelcast.operation.generic.thread.count", "2",
            "hazelcast.io.thread.count", "1",
            "hazelcast.event.thread.count", "1");

    private final List<Integer> ports;

    /** @param ports of all members */
    BareCluster(List<Integer> ports) {
        this.ports = ports;
    }

    Future<Vertx> join(int number) {
        Config config = new Config();
        PROPERTIES.forEach(config::setProperty);
        config.getNetworkConfig().setPort(ports.get(number)).setPortAutoIncrement(false);
        JoinConfig join = config.getNetworkConfig().getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(1);
        ports.forEach(port -> join.getTcpIpConfig().addMember("127.0.0.1:" + port));
        return Vertx.builder()
                .withClusterManager(new HazelcastClusterManager(config))
                .buildClustered();
    }
}
