// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.shard.NodeBus;
import io.rtmlocks.shard.Steps;
import io.rtmlocks.telemetry.LogEvent;
import io.rtmlocks.wire.BadMessageException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node among the others: who is there, and by which charters they live. Its state belongs to its context. */
public final class Cluster extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);
    private static final long REPORT_MILLIS = 500;

    private final Member self;
    private final int size;
    private final int shards;
    private final Membership membership;
    private final NodeBus bus;
    private final BiConsumer<Charter, BitSet> onCharter;
    private final Foundings foundings;
    private volatile Map<String, String> incarnations = Map.of();
    private volatile Map<Integer, Charter> charters = Map.of();
    private final AtomicLong droppedReports = new AtomicLong();
    private final Map<Integer, Charter> hosted = new HashMap<>();
    private List<Member> present = List.of();
    private final Namesakes namesakes;
    private volatile boolean namesake;
    private volatile boolean drains;
    private volatile Set<Member> draining = Set.of();

    /**
     * @param size how many nodes the cluster is meant to have
     * @param onCharter called on this context with a charter, and the shards in which it is the one to live by from here on
     */
    public Cluster(
            Member self,
            int size,
            int shards,
            Membership membership,
            NodeBus bus,
            BiConsumer<Charter, BitSet> onCharter) {
        this.self = self;
        this.size = size;
        this.shards = shards;
        this.membership = membership;
        this.bus = bus;
        this.onCharter = onCharter;
        this.namesakes = new Namesakes(membership::placeOf);
        this.foundings =
                new Foundings(self, size, shards, () -> UUID.randomUUID().toString());
    }

    @Override
    public Future<?> start() {
        Context own = context;
        bus.peers(bytes -> own.runOnContext(v -> onReport(bytes)));
        membership.listen(own, this::onMembers);
        new Steps(vertx, System::nanoTime).every(REPORT_MILLIS, this::tick);
        return Future.succeededFuture();
    }

    /** The charters this node lives by, by the numbers of the shards that have one; may be asked on any context. */
    public Map<Integer, Charter> charters() {
        return charters;
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

    /** This node is about to stop: the others hear of it at once. */
    public void drain() {
        drains = true;
        Context own = context;
        if (own != null) {
            own.runOnContext(v -> report());
        }
    }

    /** Whether this node is about to stop; may be asked on any context. */
    public boolean drains() {
        return drains;
    }

    /** Whether the node of this name, which may be this one, is about to stop; may be asked on any context. */
    public boolean isDraining(String node) {
        return node.equals(self.name())
                ? drains
                : draining.stream().anyMatch(each -> each.name().equals(node));
    }

    /** Whether another node had the name of this one before: then this one waits until that one is gone. Any context may ask. */
    public boolean isNamesake() {
        return namesake;
    }

    private void onMembers(List<Member> all) {
        List<Member> others = namesakes.takingPart(all);
        namesake = all.contains(self) && !others.contains(self);
        List<Member> members = namesake ? List.of(self) : others;
        tellOfChanges(members);
        present = members;
        draining = draining.stream().filter(members::contains).collect(Collectors.toUnmodifiableSet());
        Map<String, String> byName = new HashMap<>();
        members.forEach(each -> byName.put(each.name(), each.incarnation()));
        byName.put(self.name(), self.incarnation());
        incarnations = Map.copyOf(byName);
        Set<String> addresses =
                members.stream().map(each -> NodeBus.addressOf(each.id())).collect(Collectors.toSet());
        bus.nodes(new NodeBus.Nodes(addresses, size / 2 + 1));
        foundings.onMembers(namesake ? List.of() : members);
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
            Report report = Report.decode(bytes);
            foundings.onReport(report);
            noteDraining(report);
        } catch (BadMessageException e) {
            droppedReports.incrementAndGet();
            LogEvent.REPORT_UNREADABLE.on(LOG).setCause(e).log();
        }
        if (charters.size() < shards) {
            decide();
        }
    }

    private void noteDraining(Report report) {
        Set<Member> now = new HashSet<>(draining);
        boolean isNews = report.isDraining() ? now.add(report.member()) : now.remove(report.member());
        if (isNews) {
            draining = Set.copyOf(now);
        }
    }

    private void tick() {
        decide();
        report();
    }

    private void report() {
        bus.tellPeers(foundings.report(drains).encode());
    }

    /** Also when a report comes in, for as long as a charter is missing: whoever starts does not wait for the next tick. */
    private void decide() {
        Map<Integer, Charter> before = charters;
        foundings.onTick(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), bus.voting());
        charters = Map.copyOf(foundings.charters());
        tellOfLost(before.keySet());
        Map<Charter, BitSet> begun = new HashMap<>();
        charters.forEach((shard, charter) -> {
            if (!charter.equals(hosted.put(shard, charter))) {
                begun.computeIfAbsent(charter, none -> new BitSet()).set(shard);
            }
        });
        begun.forEach(this::begin);
    }

    private void tellOfLost(Set<Integer> before) {
        List<Integer> lost = before.stream()
                .filter(shard -> !charters.containsKey(shard))
                .sorted()
                .toList();
        if (!lost.isEmpty() && charters.isEmpty()) {
            LogEvent.CLUSTER_LOST.on(LOG).log();
        } else if (!lost.isEmpty()) {
            LogEvent.SHARDS_LOST.on(LOG).addKeyValue("shards", lost).log();
        }
    }

    private void begin(Charter charter, BitSet begun) {
        if (begun.cardinality() == shards) {
            LogEvent.CLUSTER_BEGAN.on(LOG).addKeyValue("nodes", names(charter)).log();
        } else {
            LogEvent.SHARDS_BEGAN
                    .on(LOG)
                    .addKeyValue("shards", begun.stream().boxed().toList())
                    .addKeyValue("nodes", names(charter))
                    .log();
        }
        report();
        onCharter.accept(charter, begun);
    }

    private static String names(Charter charter) {
        return charter.founders().stream().map(Member::name).collect(Collectors.joining(", "));
    }
}
