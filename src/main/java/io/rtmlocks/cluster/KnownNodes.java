// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import io.rtmlocks.shard.NodeBus;
import io.vertx.core.Completable;
import io.vertx.core.json.JsonObject;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells Vert.x which node an address is on, and where that node is, by what each member says of itself when it joins.
 *
 * <p>Not by Hazelcast's maps, as its superclass does: they wait for members that are cut off, and lose entries when two sides of a cut
 * become one again; a node would then be there and hear nothing. No call here waits for another member.
 */
final class KnownNodes extends HazelcastClusterManager {

    private @Nullable NodeInfo own;
    private volatile @Nullable RegistrationListener senders;

    KnownNodes(HazelcastInstance hazelcast) {
        super(hazelcast);
    }

    @Override
    public void registrationListener(RegistrationListener listener) {
        super.registrationListener(listener);
        senders = listener;
    }

    @Override
    public synchronized void setNodeInfo(NodeInfo info, Completable<Void> done) {
        own = info;
        done.succeed();
    }

    @Override
    public synchronized @Nullable NodeInfo getNodeInfo() {
        return own;
    }

    @Override
    public void getNodeInfo(String nodeId, Completable<NodeInfo> found) {
        find(member -> nodeId.equals(HazelcastConfig.vertxNodeOf(member)))
                .map(KnownNodes::infoOf)
                .ifPresentOrElse(found::succeed, () -> found.fail("node " + nodeId + " is not there"));
    }

    private static NodeInfo infoOf(com.hazelcast.cluster.Member member) {
        return new NodeInfo(member.getAddress().getHost(), HazelcastConfig.busPortOf(member), new JsonObject());
    }

    @Override
    public void addRegistration(String address, RegistrationInfo registration, Completable<Void> done) {
        done.succeed();
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo registration, Completable<Void> done) {
        done.succeed();
    }

    /** An address that ends as that of a node is one of that node; any other is known on this node alone. */
    @Override
    public void getRegistrations(String address, Completable<List<RegistrationInfo>> found) {
        found.succeed(find(member -> address.endsWith(addressOf(member)))
                .map(member -> List.of(new RegistrationInfo(HazelcastConfig.vertxNodeOf(member), 0, false)))
                .orElse(List.of()));
    }

    private Optional<com.hazelcast.cluster.Member> find(Predicate<com.hazelcast.cluster.Member> which) {
        return getHazelcastInstance().getCluster().getMembers().stream()
                .filter(which)
                .findAny();
    }

    private static String addressOf(com.hazelcast.cluster.Member member) {
        return NodeBus.addressOf(HazelcastConfig.memberOf(member).id());
    }

    @Override
    public void memberAdded(MembershipEvent event) {
        // asked for when there is something to send to it
    }

    @Override
    public synchronized void memberRemoved(MembershipEvent event) {
        RegistrationListener told = senders;
        if (told != null) {
            told.registrationsUpdated(new RegistrationUpdateEvent(addressOf(event.getMember()), List.of()));
        }
    }

    @Override
    public void stateChanged(LifecycleEvent event) {
        // nothing was kept that a merge could have lost
    }

    /** Ends the Hazelcast that it was given too, as it would one of its own. */
    @Override
    public void leave(Completable<Void> left) {
        super.leave((nothing, failure) -> Membership.onOwnThread(() -> {
            getHazelcastInstance().shutdown();
            left.complete(null, failure);
        }));
    }
}
