// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import com.hazelcast.cluster.InitialMembershipEvent;
import com.hazelcast.cluster.InitialMembershipListener;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Which nodes there are, as the failure detector sees it: who is gone may still live, on the other side of a cut.
 *
 * <p>Nothing is decided on it but where to send, and when to give up.
 */
public final class Membership {

    private final HazelcastInstance hazelcast;

    private Membership(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
    }

    /** A node in its cluster. */
    public record Joined(Vertx vertx, Membership membership) {}

    /** Joins the others, or waits alone for them to come. Leaving is part of closing {@link Vertx}. */
    public static Future<Joined> join(ClusterSettings settings, VertxOptions options) {
        options.getEventBusOptions().setHost(settings.host()).setPort(0);
        HazelcastClusterManager manager = new HazelcastClusterManager(HazelcastConfig.of(settings));
        return Vertx.builder()
                .with(options)
                .withClusterManager(manager)
                .buildClustered()
                .map(vertx -> new Joined(vertx, new Membership(manager.getHazelcastInstance())));
    }

    /** @param action told of all members, on the context: now, and whenever one comes or goes */
    public void listen(Context context, Consumer<List<Member>> action) {
        hazelcast.getCluster().addMembershipListener(new InitialMembershipListener() {
            @Override
            public void init(InitialMembershipEvent event) {
                tell(event.getMembers());
            }

            @Override
            public void memberAdded(MembershipEvent event) {
                tell(event.getMembers());
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                tell(event.getMembers());
            }

            private void tell(Set<com.hazelcast.cluster.Member> members) {
                List<Member> present =
                        members.stream().map(HazelcastConfig::memberOf).toList();
                context.runOnContext(v -> action.accept(present));
            }
        });
    }
}
