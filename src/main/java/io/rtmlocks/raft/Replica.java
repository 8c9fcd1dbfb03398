// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.rtmlocks.shard.ShardLog;

/**
 * What a {@link RaftLog} keeps the same on every node, and whom it tells what became of it.
 *
 * <p>Called on the context of the shard. What is applied while {@link RaftLog#leads} is to be told to those it
 * concerns; while {@link RaftLog#isAhead}, answers may be given.
 */
public interface Replica extends ShardLog.Host {

    /** An entry could not be applied. This replica has stopped; its host starts it again, as a new incarnation. */
    void onFailure(Throwable failure);

    /**
     * The others have removed this endpoint, or have taken it for one of a former life: it is over. Its host starts the replica again,
     * as a new incarnation.
     */
    void onRemoved();

    /** This replica leads, and that one cannot follow: its host must start it again, as a new incarnation. */
    void onStuck(Endpoint laggard);
}
