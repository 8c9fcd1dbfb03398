// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import com.hazelcast.cluster.InitialMembershipEvent;
import com.hazelcast.cluster.InitialMembershipListener;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.config.Config;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Which nodes there are, as the failure detector sees it: who is gone may still live, on the other side of a cut.
 *
 * <p>Nothing is decided on it but where to send, and when to give up.
 */
public final class Membership {

    private static final int CONNECT_WITHIN_MILLIS = 2_000;
    private static final int PING_MILLIS = 1_000;
    private static final int PONG_WITHIN_MILLIS = 3_000;

    private final HazelcastInstance hazelcast;

    private Membership(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
    }

    /** A node in its cluster. */
    public record Joined(Vertx vertx, Membership membership) {}

    /** Joins the others, or waits alone for them to come. Leaving is part of closing {@link Vertx}. */
    public static Future<Joined> join(ClusterSettings settings, VertxOptions options) {
        ClusterSettings own;
        try {
            own = settings.withBusPort();
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
        bus(options.getEventBusOptions(), own);
        return Future.fromCompletionStage(CompletableFuture.supplyAsync(() -> hazelcast(own), Membership::onOwnThread))
                .compose(hazelcast -> Vertx.builder()
                        .with(options)
                        .withClusterManager(new KnownNodes(hazelcast))
                        .buildClustered()
                        .map(vertx -> new Joined(vertx, new Membership(hazelcast)))
                        .onFailure(failure -> onOwnThread(hazelcast::shutdown)));
    }

    /** A connection that a cut has broken is given up soon: what TCP would send again comes too late, and keeps back what is new. */
    private static void bus(EventBusOptions options, ClusterSettings settings) {
        BusSeal.of(settings).onto(options);
        options.setHost(settings.host())
                .setPort(settings.busPort())
                .setConnectTimeout(CONNECT_WITHIN_MILLIS)
                .setClusterPingInterval(PING_MILLIS)
                .setClusterPingReplyInterval(PONG_WITHIN_MILLIS);
    }

    static void onOwnThread(Runnable blocking) {
        new Thread(blocking, "cluster").start();
    }

    /** Blocks until the others are found, or not. */
    private static HazelcastInstance hazelcast(ClusterSettings settings) {
        Config config = HazelcastConfig.of(settings);
        return HazelcastInstanceFactory.newHazelcastInstance(
                config,
                HazelcastInstanceFactory.createInstanceName(config),
                new Doorkeeper(settings.cluster(), settings.secret()).context());
    }

    /** @return where a member is, for people to read */
    String placeOf(Member member) {
        return hazelcast.getCluster().getMembers().stream()
                .filter(each -> HazelcastConfig.memberOf(each).equals(member))
                .map(each ->
                        each.getAddress().getHost() + ':' + each.getAddress().getPort())
                .findAny()
                .orElse("gone");
    }

    /**
     * @param action told of all members, on the context: now, and whenever one comes or goes; the one that has been there longest first
     */
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
