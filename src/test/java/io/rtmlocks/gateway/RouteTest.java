// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.shard.Leads;
import io.rtmlocks.shard.NodeBus;
import io.vertx.core.Vertx;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway believes the latest leader of the shard as it is now, and none of a shard that began anew since. */
class RouteTest {

    private static final int SHARD = 3;
    private static final long SILENT_MILLIS = 10_000;

    private final Vertx vertx = Vertx.vertx();
    private final NodeBus bus = new NodeBus(vertx, "n");
    private final Route route = new Route(SHARD, bus, this::nowMillis, this::account);
    private long nowMillis;
    private int accounts;

    private long nowMillis() {
        return nowMillis;
    }

    private void account() {
        accounts++;
    }

    @AfterEach
    void stop() {
        RunningNode.await(vertx.close());
    }

    private void leads(String charter, int term, String leader) {
        route.onLeads(new Leads(SHARD, charter, term, leader, List.of()), nowMillis);
    }

    /** For so long that whoever led before is given up. */
    private void nobodySpeaks() {
        nowMillis += SILENT_MILLIS;
        route.onTick(nowMillis);
        assertThat(route.isOpen()).isFalse();
    }

    @Test
    void leaderOfACharterThatBeganAnew_isFollowedWhateverItsTerm() {
        bus.liveBy(SHARD, "z");
        leads("z", 7, "node.a");
        nobodySpeaks();

        bus.liveBy(SHARD, "b");
        leads("b", 1, "node.b");

        assertThat(route.isOpen()).isTrue();
        assertThat(accounts).isEqualTo(2);
    }

    /** The terms may be equal, and the leader the one that led before. */
    @Test
    void sameLeaderAndTermOfAnotherCharter_isToldEverythingAgain() {
        bus.liveBy(SHARD, "a");
        leads("a", 1, "node.a");
        bus.liveBy(SHARD, "b");
        leads("b", 1, "node.a");
        assertThat(accounts).isEqualTo(2);
    }

    @Test
    void leaderOfAnotherCharterThanOurs_isNotHeard() {
        bus.liveBy(SHARD, "a");
        leads("a", 1, "node.a");
        bus.liveBy(SHARD, "b");
        leads("b", 1, "node.b");

        leads("a", 9, "node.a");
        leads("c", 9, "node.c");

        assertThat(accounts).isEqualTo(2);
        nobodySpeaks();
        leads("a", 9, "node.a");
        assertThat(route.isOpen()).isFalse();
    }

    @Test
    void leaderOfAnEarlierTerm_isNotHeard() {
        bus.liveBy(SHARD, "a");
        leads("a", 5, "node.b");
        nobodySpeaks();

        leads("a", 4, "node.a");

        assertThat(route.isOpen()).isFalse();
    }
}
