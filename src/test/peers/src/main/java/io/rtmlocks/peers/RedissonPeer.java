// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.redisson.Redisson;
import org.redisson.api.RFencedLock;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/**
 * Redisson's locks on one Redis, held without limit (its watchdog renews them). {@code RLock} takes the owner as an argument, so it is
 * used by its async calls; {@code RFencedLock} takes the thread for the owner, so each of its users has one.
 */
final class RedissonPeer implements Peer {
    private final RedisServer server;
    private final RedissonClient client;
    private final boolean fenced;
    private final Map<String, PeerLock> locks = new ConcurrentHashMap<>();

    RedissonPeer(boolean fenced) throws IOException, InterruptedException, MissingException {
        this.fenced = fenced;
        server = RedisServer.start();
        Config config = new Config();
        config.useSingleServer().setAddress(server.address());
        client = Redisson.create(config);
    }

    @Override
    public PeerLock lock(int user, String name) {
        return locks.computeIfAbsent(
                user + "/" + name,
                key -> fenced ? fencedLock(client.getFencedLock(name)) : new Lock(client.getLock(name), user + 1));
    }

    private static PeerLock fencedLock(RFencedLock lock) {
        return new BlockingLock(lock::lockAndGetToken, () -> {
            lock.unlock();
            return null;
        });
    }

    @Override
    public List<Long> servers() {
        return server.pids();
    }

    @Override
    public String client() {
        return "Redisson " + Versions.ofJar(Redisson.class)
                + (fenced ? ", RFencedLock, a thread a lock" : ", RLock, async")
                + ", default pool of connections, watchdog";
    }

    @Override
    public String server() {
        return server.sentence();
    }

    @Override
    public void close() {
        client.shutdown();
        server.close();
    }

    private record Lock(RLock lock, long owner) implements PeerLock {
        @Override
        public CompletionStage<?> acquire() {
            return lock.lockAsync(owner);
        }

        @Override
        public CompletionStage<?> release() {
            return lock.unlockAsync(owner);
        }
    }
}
