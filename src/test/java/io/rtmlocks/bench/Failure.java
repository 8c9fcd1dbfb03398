// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** The first thing that went wrong. What went wrong makes a window void. */
final class Failure implements Consumer<Throwable> {
    private final AtomicReference<Throwable> first = new AtomicReference<>();
    private volatile Consumer<Throwable> told = cause -> {};

    @Override
    public void accept(Throwable cause) {
        if (first.compareAndSet(null, cause)) {
            told.accept(cause);
        }
    }

    /** @param handler called at the first failure, so that nobody waits for what will not come */
    void then(Consumer<Throwable> handler) {
        told = handler;
    }

    void rethrow() {
        Throwable cause = first.get();
        if (cause != null) {
            throw new IllegalStateException("the window is void: " + cause.getMessage(), cause);
        }
    }
}
