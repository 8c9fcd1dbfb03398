// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;

/** The peers by the names the harness knows. */
enum Driver {
    REDIS("redis", nodes -> new RedisPeer()),
    REDISSON("redisson", nodes -> new RedissonPeer(false)),
    REDISSON_FENCED("redisson-fenced", nodes -> new RedissonPeer(true)),
    ETCD("etcd", EtcdPeer::new),
    ZOOKEEPER("zookeeper", ZooKeeperPeer::new);

    private static final int READY_SECONDS_MAX = 60;

    private final String label;
    private final Start start;

    Driver(String label, Start start) {
        this.label = label;
        this.start = start;
    }

    static Driver named(String label) {
        for (Driver driver : values()) {
            if (driver.label.equals(label)) {
                return driver;
            }
        }
        throw new IllegalArgumentException("unknown driver: " + label);
    }

    String label() {
        return label;
    }

    /** Starts the servers and the client, and sees that a lock can be had through every node. */
    Peer start(int nodes) throws IOException, InterruptedException, MissingException {
        Peer peer = start.with(nodes);
        for (int user = 0; user < nodes; user++) {
            PeerLock lock = peer.lock(user, "ready");
            lock.acquire()
                    .toCompletableFuture()
                    .orTimeout(READY_SECONDS_MAX, SECONDS)
                    .join();
            lock.release()
                    .toCompletableFuture()
                    .orTimeout(READY_SECONDS_MAX, SECONDS)
                    .join();
        }
        return peer;
    }

    private interface Start {
        Peer with(int nodes) throws IOException, InterruptedException, MissingException;
    }
}
