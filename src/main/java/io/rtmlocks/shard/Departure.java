// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.LockTable;
import org.jspecify.annotations.Nullable;

/**
 * Word that a session is away, or gone.
 *
 * @param home the gateway at which the table had it until then, or an empty string
 */
record Departure(String sessionId, long epoch, String home) {
    static @Nullable Departure of(Command command, LockTable table) {
        if (command instanceof Command.SessionOffline offline) {
            return new Departure(offline.sessionId(), offline.epoch(), table.gatewayOf(offline.sessionId()));
        }
        return command instanceof Command.SessionGone gone
                ? new Departure(gone.sessionId(), gone.epoch(), table.gatewayOf(gone.sessionId()))
                : null;
    }
}
