// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.Config;
import io.rtmlocks.FreePorts;
import io.rtmlocks.Node;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A node listens where its settings say and nowhere else: no multicast, no port of a library, no interface that was not named. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "all of 127.0.0.0/8 is this machine, and /proc tells what is open")
class OpenPortsTest {

    private static final String CLUSTER_HOST = "127.0.0.1";
    private static final String HTTP_HOST = "127.0.0.2";
    private static final String MANAGEMENT_HOST = "127.0.0.3";
    private static final long START_SECONDS_MAX = 60;

    @Test
    void member_of_a_cluster_has_four_ports_each_where_it_was_told() throws Exception {
        int cluster = FreePorts.one();
        int bus = FreePorts.one();

        assertThat(openedBy(Map.of(
                        "http.host",
                        HTTP_HOST,
                        "management.host",
                        MANAGEMENT_HOST,
                        "cluster.host",
                        CLUSTER_HOST,
                        "cluster.port",
                        String.valueOf(cluster),
                        "cluster.busPort",
                        String.valueOf(bus),
                        "cluster.members",
                        CLUSTER_HOST + ':' + cluster)))
                .hasSize(4)
                .contains("tcp " + CLUSTER_HOST + ':' + cluster, "tcp " + CLUSTER_HOST + ':' + bus)
                .anyMatch(each -> each.startsWith("tcp " + HTTP_HOST))
                .anyMatch(each -> each.startsWith("tcp " + MANAGEMENT_HOST));
    }

    @Test
    void node_that_is_alone_has_two() throws Exception {
        assertThat(openedBy(Map.of())).hasSize(2).allMatch(each -> each.startsWith("tcp 127.0.0.1:"));
    }

    @Test
    void what_else_is_open_would_be_seen() throws Exception {
        Set<String> before = ListeningSockets.ofThisProcess();
        try (ServerSocket everywhere = new ServerSocket(0);
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0))) {
            Set<String> now = ListeningSockets.ofThisProcess();
            now.removeAll(before);
            assertThat(now).hasSize(2).anyMatch(each -> each.endsWith(":" + everywhere.getLocalPort()));
            assertThat(now).contains("udp 127.0.0.1:" + udp.getLocalPort());
        }
    }

    private static Set<String> openedBy(Map<String, String> settings) throws Exception {
        Set<String> before = ListeningSockets.ofThisProcess();
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(Map.of("http.port", "0", "management.port", "0"));
        Node node = await(Node.start(new VertxOptions(), Config.of(all)));
        try {
            Set<String> opened = new TreeSet<>(ListeningSockets.ofThisProcess());
            opened.removeAll(before);
            return opened;
        } finally {
            await(node.vertx().close());
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(START_SECONDS_MAX, TimeUnit.SECONDS);
    }
}
