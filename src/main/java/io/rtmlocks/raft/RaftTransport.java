// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

/**
 * Brings messages to other replicas of the shard. A message may be lost, late, doubled or overtaken, and nobody is told;
 * {@link RaftLog#onMessage} takes it at the other end.
 *
 * <p>Called on the context of the shard; must not block and must not throw.
 */
public interface RaftTransport {

    void send(Endpoint target, byte[] message);

    /** Whether it seems worth while to send there. A wrong answer costs time only. */
    boolean isReachable(Endpoint target);

    /** Whether the replica is on the node of that gateway. A wrong answer costs time only. */
    default boolean isBeside(Endpoint replica, String gateway) {
        return false;
    }
}
