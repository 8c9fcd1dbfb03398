// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A lock of a client that blocks, on a thread of its own, because such clients take the thread for the owner.
 * What follows on a stage runs on that same thread: acquire, release, acquire … never changes threads.
 */
final class BlockingLock implements PeerLock {
    private final Callable<?> acquire;
    private final Callable<?> release;
    private final ExecutorService home = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "user");
        thread.setDaemon(true);
        return thread;
    });

    BlockingLock(Callable<?> acquire, Callable<?> release) {
        this.acquire = acquire;
        this.release = release;
    }

    @Override
    public CompletionStage<?> acquire() {
        return call(acquire);
    }

    @Override
    public CompletionStage<?> release() {
        return call(release);
    }

    @Override
    public void atHome(Runnable task) {
        home.execute(task);
    }

    private CompletionStage<?> call(Callable<?> operation) {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        home.execute(() -> {
            Object value;
            try {
                value = operation.call();
            } catch (Exception e) {
                answer.completeExceptionally(e);
                return;
            }
            answer.complete(value);
        });
        return answer;
    }
}
