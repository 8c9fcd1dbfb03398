// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Command;

/** The log of a shard that has one replica, in the memory of this node: what is appended is applied at once. */
public final class LocalLog implements ShardLog {

    private final ShardClock clock;
    private final Applier applier;
    private long lastIndex;

    public LocalLog(ShardClock clock, Applier applier) {
        this.clock = clock;
        this.applier = applier;
    }

    @Override
    public Admission append(String gateway, Command command) {
        applier.apply(++lastIndex, clock.now(), gateway, command);
        return Admission.TAKEN;
    }
}
