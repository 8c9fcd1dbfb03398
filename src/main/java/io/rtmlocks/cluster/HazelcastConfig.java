// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.SocketInterceptorConfig;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Hazelcast as we need it: to know who is there, and where. It keeps nothing. */
final class HazelcastConfig {

    /** By which Vert.x knows the member of its node. */
    private static final String VERTX_NODE = "__vertx.nodeId";

    private static final String NAME = "name";
    private static final String INCARNATION = "incarnation";
    private static final String BUS_PORT = "busPort";

    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("hazelcast.logging.type", "slf4j"),
            Map.entry("hazelcast.phone.home.enabled", "false"),
            Map.entry("hazelcast.shutdownhook.enabled", "false"),
            Map.entry("hazelcast.socket.bind.any", "false"),
            Map.entry("hazelcast.heartbeat.interval.seconds", "1"),
            Map.entry("hazelcast.max.no.heartbeat.seconds", "5"),
            Map.entry("hazelcast.wait.seconds.before.join", "0"),
            Map.entry("hazelcast.max.join.seconds", "20"),
            Map.entry("hazelcast.merge.first.run.delay.seconds", "3"),
            Map.entry("hazelcast.merge.next.run.delay.seconds", "3"),
            Map.entry("hazelcast.graceful.shutdown.max.wait", "3"),
            Map.entry("hazelcast.partition.count", "31"),
            Map.entry("hazelcast.slow.operation.detector.enabled", "false"),
            Map.entry("hazelcast.operation.thread.count", "2"),
            Map.entry("hazelcast.operation.generic.thread.count", "2"),
            Map.entry("hazelcast.io.thread.count", "1"),
            Map.entry("hazelcast.event.thread.count", "1"),
            Map.entry("hazelcast.clientengine.thread.count", "1"),
            Map.entry("hazelcast.clientengine.query.thread.count", "1"));

    /** Not by enabling an interface: then members given by name would be dropped unless they resolve to this node. */
    private static final String LOCAL_ADDRESS = "hazelcast.local.localAddress";

    private HazelcastConfig() {}

    static Config of(ClusterSettings settings) {
        Config config = new Config();
        config.setClusterName(settings.cluster().name());
        PROPERTIES.forEach(config::setProperty);
        config.setProperty(LOCAL_ADDRESS, settings.host());
        config.getJetConfig().setEnabled(false);
        config.getMetricsConfig().setEnabled(false);
        config.getSerializationConfig().setJavaSerializationFilterConfig(failuresOnly());
        config.getMemberAttributeConfig()
                .setAttribute(VERTX_NODE, UUID.randomUUID().toString())
                .setAttribute(NAME, settings.self().name())
                .setAttribute(INCARNATION, settings.self().incarnation())
                .setAttribute(BUS_PORT, String.valueOf(settings.busPort()));
        network(config.getNetworkConfig(), settings);
        return config;
    }

    /**
     * Vert.x and Hazelcast speak of themselves in formats of their own. Only what went wrong comes as an object of Java's: without it
     * a member would wait for minutes for an answer that it has.
     */
    private static JavaSerializationFilterConfig failuresOnly() {
        JavaSerializationFilterConfig filter = new JavaSerializationFilterConfig().setDefaultsDisabled(true);
        filter.getWhitelist()
                .addPrefixes(
                        "com.hazelcast.",
                        "java.lang.",
                        "[Ljava.lang.StackTraceElement",
                        "java.io.",
                        "java.util.concurrent.")
                .addClasses(
                        "java.util.ArrayList",
                        "java.util.Collections$EmptyList",
                        "java.util.Collections$UnmodifiableCollection",
                        "java.util.Collections$UnmodifiableList");
        return filter;
    }

    private static void network(NetworkConfig network, ClusterSettings settings) {
        network.setPort(settings.port()).setPortAutoIncrement(false);
        network.setSocketInterceptorConfig(new SocketInterceptorConfig().setEnabled(true));
        JoinConfig join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(1).setMembers(settings.members());
    }

    static Member memberOf(com.hazelcast.cluster.Member member) {
        return new Member(String.valueOf(member.getAttribute(NAME)), String.valueOf(member.getAttribute(INCARNATION)));
    }

    static String vertxNodeOf(com.hazelcast.cluster.Member member) {
        return String.valueOf(member.getAttribute(VERTX_NODE));
    }

    static int busPortOf(com.hazelcast.cluster.Member member) {
        return Integer.parseInt(Objects.requireNonNullElse(member.getAttribute(BUS_PORT), "0"));
    }
}
