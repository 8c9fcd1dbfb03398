// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.Steps;
import io.rtmlocks.telemetry.LogEvent;
import io.rtmlocks.wire.BadMessageException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node among the others: who is there, and by which charter they live. Its state belongs to its context. */
public final class Cluster extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final long REPORT_MILLIS = 500;

    private final Member self;
    private final int size;
    private final Membership membership;
    private final NodeBus bus;
    private final BooleanSupplier rooted;
    private final Consumer<Charter> onCharter;
    private final Founding founding;
    private volatile Map<String, String> incarnations = Map.of();
    private volatile @Nullable Charter charter;
    private final AtomicLong droppedReports = new AtomicLong();
    private @Nullable Charter hosted;
    private List<Member> present = List.of();

    /**
     * @param size how many nodes the cluster is meant to have
     * @param rooted whether the replicas of this node count; asked on any context
     * @param onCharter called on this context with the charter to live by, when there is another one
     */
    public Cluster(
            Member self,
            int size,
            Membership membership,
            NodeBus bus,
            BooleanSupplier rooted,
            Consumer<Charter> onCharter) {
        this.self = self;
        this.size = size;
        this.membership = membership;
        this.bus = bus;
        this.rooted = rooted;
        this.onCharter = onCharter;
        this.founding = new Founding(self, size, () -> UUID.randomUUID().toString());
    }

    @Override
    public Future<?> start() {
        Context own = context;
        bus.peers(bytes -> own.runOnContext(v -> onReport(bytes)));
        membership.listen(own, this::onMembers);
        new Steps(vertx, System::nanoTime).every(REPORT_MILLIS, this::tick);
        return Future.succeededFuture();
    }

    /** The charter this node lives by, null for none yet; may be asked on any context. */
    public @Nullable Charter charter() {
        return charter;
    }

    /** How many reports of other nodes were no reports; may be asked on any context. */
    public long droppedReports() {
        return droppedReports.get();
    }

    /** Every node that is there, this one included: its incarnation by its name. */
    public Map<String, String> incarnations() {
        return incarnations;
    }

    /** @return where this life of a node is to be reached, null when it is not there */
    public @Nullable String addressOf(String node, String incarnation) {
        boolean isPresent = incarnation.equals(incarnations.get(node));
        return isPresent ? NodeBus.addressOf(new Member(node, incarnation).id()) : null;
    }

    private void onMembers(List<Member> members) {
        tellOfChanges(members);
        present = members;
        Map<String, String> byName = new HashMap<>();
        members.forEach(each -> byName.put(each.name(), each.incarnation()));
        byName.put(self.name(), self.incarnation());
        incarnations = Map.copyOf(byName);
        Set<String> addresses =
                members.stream().map(each -> NodeBus.addressOf(each.id())).collect(Collectors.toSet());
        bus.nodes(new NodeBus.Nodes(addresses, size / 2 + 1));
        founding.onMembers(members);
        report();
    }

    private void tellOfChanges(List<Member> members) {
        members.stream()
                .filter(each -> !present.contains(each) && !each.equals(self))
                .forEach(each -> LogEvent.NODE_JOINED
                        .on(LOG)
                        .addKeyValue("node", each.name())
                        .log());
        present.stream()
                .filter(each -> !members.contains(each))
                .forEach(each -> LogEvent.NODE_LEFT
                        .on(LOG)
                        .addKeyValue("node", each.name())
                        .log());
    }

    private void onReport(byte[] bytes) {
        try {
            founding.onReport(Report.decode(bytes));
        } catch (BadMessageException e) {
            droppedReports.incrementAndGet();
            LogEvent.REPORT_UNREADABLE.on(LOG).setCause(e).log();
        }
        if (founding.charter() == null) {
            decide();
        }
    }

    private void tick() {
        decide();
        report();
    }

    private void report() {
        bus.tellPeers(founding.report().encode());
    }

    /** Also when a report comes in, for as long as there is no charter: whoever starts does not wait for the next tick. */
    private void decide() {
        Charter before = founding.charter();
        founding.onTick(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), rooted.getAsBoolean());
        Charter now = founding.charter();
        charter = now;
        if (now != null && !now.equals(hosted)) {
            hosted = now;
            LogEvent.CLUSTER_BEGAN.on(LOG).addKeyValue("nodes", names(now)).log();
            report();
            onCharter.accept(now);
        } else if (before != null && now == null) {
            LogEvent.CLUSTER_LOST.on(LOG).log();
        }
    }

    private static String names(Charter charter) {
        return charter.founders().stream().map(Member::name).collect(Collectors.joining(", "));
    }
}
