// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.nio.MemberSocketInterceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.Properties;

/**
 * Stands before Hazelcast's port, both ways: a connection is Hazelcast's only after a {@link Greeting}. Whoever has another secret
 * or none, or a cluster of another {@link Shape}, is turned away before one byte of theirs is read by Hazelcast, and both sides say
 * why in their logs.
 *
 * <p>Greetings run on threads of Hazelcast of which there are few, so they may not take long; a node that is busy or far away
 * needs its time all the same.
 */
final class Doorkeeper implements MemberSocketInterceptor {

    private static final int WITHIN_MS = 5_000;

    private final Shape cluster;
    private final ClusterKey key;
    private final Refusals refusals = new Refusals(System::nanoTime);
    private final SecureRandom random = new SecureRandom();

    Doorkeeper(Shape cluster, String secret) {
        this.cluster = cluster;
        this.key = ClusterKey.of(cluster.name(), secret, "join");
    }

    /** Hazelcast's own way of being extended; its settings for the same need its enterprise edition. */
    DefaultNodeContext context() {
        return new DefaultNodeContext() {
            @Override
            public NodeExtension createNodeExtension(Node node) {
                return new DefaultNodeExtension(node) {
                    @Override
                    public MemberSocketInterceptor getSocketInterceptor(EndpointQualifier qualifier) {
                        return Doorkeeper.this;
                    }
                };
            }
        };
    }

    @Override
    public void init(Properties properties) {}

    @Override
    public void onAccept(Socket socket) throws IOException {
        InetSocketAddress from = (InetSocketAddress) socket.getRemoteSocketAddress();
        try {
            new Greeting(socket, cluster, key, WITHIN_MS).accept(random);
        } catch (Greeting.RefusedException e) {
            refusals.refused(from, String.valueOf(e.getMessage()));
            throw e;
        } catch (IOException e) {
            refusals.gaveUp(from, e);
            throw e;
        }
    }

    @Override
    public void onConnect(Socket socket) throws IOException {
        InetSocketAddress to = (InetSocketAddress) socket.getRemoteSocketAddress();
        try {
            new Greeting(socket, cluster, key, WITHIN_MS).connect(random);
        } catch (Greeting.RefusedException e) {
            refusals.wasRefused(to, String.valueOf(e.getMessage()));
            throw e;
        }
    }
}
