// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Bare Redis: SET NX PX to acquire, a script that compares and deletes to release. It has no queue: who is refused asks again after a
 * short time by chance.
 */
final class RedisPeer implements Peer {
    private static final String RELEASE =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";
    private static final SetArgs IF_FREE = SetArgs.Builder.nx().px(30_000);
    private static final int ASK_AGAIN_MICROS_MAX = 2_000;

    private final RedisServer server;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final RedisAsyncCommands<String, String> redis;
    private final String release;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    RedisPeer() throws IOException, InterruptedException, MissingException {
        server = RedisServer.start();
        client = RedisClient.create(server.address());
        connection = client.connect();
        redis = connection.async();
        release = connection.sync().scriptLoad(RELEASE);
    }

    @Override
    public PeerLock lock(int user, String name) {
        return new Lock("user-" + user, name);
    }

    @Override
    public List<Long> servers() {
        return server.pids();
    }

    @Override
    public String client() {
        return "Lettuce " + Versions.ofJar(RedisClient.class)
                + ", async, one connection for all; who is refused asks again after 0 to " + ASK_AGAIN_MICROS_MAX / 1000
                + " ms";
    }

    @Override
    public String server() {
        return server.sentence();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        connection.close();
        client.shutdown();
        server.close();
    }

    private final class Lock implements PeerLock {
        private final String owner;
        private final String key;

        Lock(String owner, String key) {
            this.owner = owner;
            this.key = key;
        }

        @Override
        public CompletionStage<?> acquire() {
            CompletableFuture<Void> granted = new CompletableFuture<>();
            ask(granted);
            return granted;
        }

        private void ask(CompletableFuture<Void> granted) {
            redis.set(key, owner, IF_FREE).whenComplete((answer, failure) -> {
                if (failure != null) {
                    granted.completeExceptionally(failure);
                } else if (answer != null) {
                    granted.complete(null);
                } else {
                    int pause = ThreadLocalRandom.current().nextInt(ASK_AGAIN_MICROS_MAX);
                    timer.schedule(() -> ask(granted), pause, TimeUnit.MICROSECONDS);
                }
            });
        }

        @Override
        public CompletionStage<?> release() {
            String[] keys = {key};
            return redis.<Long>evalsha(release, ScriptOutputType.INTEGER, keys, owner)
                    .thenAccept(deleted -> {
                        if (deleted != 1) {
                            throw new IllegalStateException("released a lock it had not held");
                        }
                    });
        }
    }
}
