// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.tls.Credentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a node finds the others.
 *
 * @param host the address the others reach this node at; nothing else is listened on
 * @param members {@code host:port} of all nodes, this one included
 * @param busPort for the messages between nodes; 0 for any
 * @param cluster what is connected to must be of the same shape
 * @param secret what members know each other by; empty for none, which any process of the network may then pass for
 * @param tls what messages between nodes are sealed with; null for what the secret gives
 */
public record ClusterSettings(
        Member self,
        String host,
        int port,
        int busPort,
        List<String> members,
        Shape cluster,
        String secret,
        @Nullable BusTls tls) {

    /**
     * @param own what this node shows the others
     * @param authorities who vouches for the others
     */
    public record BusTls(Credentials own, List<X509Certificate> authorities) {
        public BusTls {
            authorities = List.copyOf(authorities);
        }
    }

    public ClusterSettings {
        members = List.copyOf(members);
    }

    /** With a port for the messages in place of any: the others are told it before it is listened on. */
    ClusterSettings withBusPort() throws IOException {
        if (busPort != 0) {
            return this;
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return new ClusterSettings(self, host, port, free.getLocalPort(), members, cluster, secret, tls);
        }
    }

    @Override
    public String toString() {
        return "ClusterSettings[self=" + self + ", host=" + host + ", port=" + port + ", cluster=" + cluster + ']';
    }
}
