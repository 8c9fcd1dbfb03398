// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Moment;

/**
 * The order of a shard's commands.
 *
 * <p>A command that was appended is applied once, on every replica at the same index and with the same moment, or it is
 * lost and never applied; which of the two is not told. What is applied cannot be lost by the death of one node.
 *
 * <p>Called, and calls back, on the context of the shard only.
 */
public interface ShardLog {

    /**
     * @param gateway who gave the command, to be handed back with it
     * @return whether it was taken; one that was not is never applied
     */
    Admission append(String gateway, Command command);

    /** What becomes of a command that is to be appended. */
    enum Admission {
        TAKEN,
        /** Another node may lead: ask there. */
        NOT_LEADER,
        /** Too much is under way: ask again later. */
        BUSY
    }

    /** What the log calls for each command, in order. */
    interface Applier {
        void apply(long index, Moment moment, String gateway, Command command);
    }
}
