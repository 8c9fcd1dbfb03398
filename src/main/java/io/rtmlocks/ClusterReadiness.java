// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import io.rtmlocks.cluster.Charter;
import io.rtmlocks.cluster.Member;
import io.rtmlocks.ops.Readiness;
import io.rtmlocks.telemetry.LogEvent;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a node of a cluster serves now. The log is told why not when that has lasted for a while, again from time to time, and when
 * it is over. Confined to one context.
 */
final class ClusterReadiness {

    static final long FIRST_AFTER_MILLIS = 3_000;
    static final long AGAIN_AFTER_MILLIS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(ClusterReadiness.class);

    private final Member self;
    private long unreadyMillis;
    private long nextWordMillis = FIRST_AFTER_MILLIS;

    ClusterReadiness(Member self) {
        this.self = self;
    }

    /**
     * What a node knows of its cluster.
     *
     * @param charters those it lives by, none before the cluster has begun
     * @param isRooted whether its own replicas count
     * @param unreachable how many shards it finds no leader of
     */
    record Seen(boolean isMajority, Collection<Charter> charters, boolean isRooted, int unreachable) {}

    /** @param sinceMillis how long ago it was asked before */
    Readiness.State judge(Seen seen, long sinceMillis) {
        Readiness.State state = judge(seen);
        if (state.serves()) {
            onServes();
        } else {
            onUnready(state.why(), sinceMillis);
        }
        return state;
    }

    private Readiness.State judge(Seen seen) {
        if (!seen.isMajority) {
            return Readiness.State.not("no majority of the cluster is there");
        }
        if (seen.charters.isEmpty()) {
            return Readiness.State.not("waiting for the other nodes");
        }
        boolean isFounder = seen.charters.stream()
                .distinct()
                .flatMap(charter -> charter.founders().stream())
                .anyMatch(each -> each.name().equals(self.name()));
        if (isFounder && !seen.isRooted) {
            return Readiness.State.not("catching up with the other nodes");
        }
        return seen.unreachable == 0
                ? Readiness.State.SERVING
                : Readiness.State.not(seen.unreachable + " shards have no leader now");
    }

    private void onUnready(String why, long sinceMillis) {
        unreadyMillis += sinceMillis;
        if (unreadyMillis >= nextWordMillis) {
            nextWordMillis += AGAIN_AFTER_MILLIS;
            LogEvent.NODE_NOT_READY
                    .on(LOG)
                    .addKeyValue("why", why)
                    .addKeyValue("forMs", unreadyMillis)
                    .log();
        }
    }

    private void onServes() {
        if (nextWordMillis > FIRST_AFTER_MILLIS) {
            LogEvent.NODE_SERVES_AGAIN
                    .on(LOG)
                    .addKeyValue("afterMs", unreadyMillis)
                    .log();
        }
        unreadyMillis = 0;
        nextWordMillis = FIRST_AFTER_MILLIS;
    }
}
