// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.util.concurrent.CompletionStage;

/**
 * One user's side of one lock, as its client offers it. The user may ask again while its release is still unanswered.
 * A stage that fails means the client gave up; the figures of that window are then void.
 */
interface PeerLock {

    /** Ends when this user has the lock, however long that takes. */
    CompletionStage<?> acquire();

    /** Ends when the server has confirmed that this user gave the lock back; fails when it had not held it. */
    CompletionStage<?> release();

    /** Runs this where the client's calls are made, so that no change of threads is counted as the client's time. */
    default void atHome(Runnable task) {
        task.run();
    }
}
