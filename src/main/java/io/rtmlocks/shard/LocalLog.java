// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Command;

/** The log of a shard that has one replica, in the memory of this node: what is appended is applied at once. */
public final class LocalLog implements ShardLog {

    private static final int TERM = 1;

    private final ShardClock clock;
    private final Host host;
    private long lastIndex;

    public LocalLog(ShardClock clock, Host host) {
        this.clock = clock;
        this.host = host;
    }

    /** Leads from now on. */
    @Override
    public void start() {
        host.onLeader(TERM);
    }

    @Override
    public boolean leads() {
        return true;
    }

    @Override
    public Admission append(String gateway, Command command) {
        host.apply(++lastIndex, clock.now(), gateway, command);
        return Admission.TAKEN;
    }
}
