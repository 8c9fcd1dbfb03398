// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.lock.Snapshot;
import io.rtmlocks.shard.ShardLog;
import io.rtmlocks.telemetry.LogEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replica of a shard on this node, whatever endpoint it is just now: one that fails, or cannot follow, starts again as
 * another endpoint, with nothing, and is made equal by the others.
 *
 * <p>An endpoint's incarnation is that of its node and how often it has started again, which it tells the others with each
 * message. Confined to the shard's context.
 */
final class HostedReplica implements ShardLog, Replica {

    private static final Logger LOG = LoggerFactory.getLogger(HostedReplica.class);

    private final int shard;
    private final String charter;
    private final Host host;
    private final Function<Endpoint, RaftLog> maker;
    private final BiConsumer<Endpoint, byte[]> sender;

    /** The present endpoint of each node, as far as it is known. */
    private final Map<String, Endpoint> present = new HashMap<>();

    private Endpoint self;
    private RaftLog log;
    private int restarts;
    private long strangeMessages;

    /**
     * @param self the first endpoint
     * @param maker makes the log of an endpoint, which is to call this object
     * @param sender sends the node of a replica what is not of its log
     */
    @SuppressWarnings("NullAway.Init") // the log is made at the start, it calls back
    HostedReplica(
            int shard,
            String charter,
            Endpoint self,
            Host host,
            Function<HostedReplica, Function<Endpoint, RaftLog>> maker,
            BiConsumer<Endpoint, byte[]> sender) {
        this.shard = shard;
        this.charter = charter;
        this.self = self;
        this.host = host;
        this.sender = sender;
        this.maker = maker.apply(this);
    }

    @Override
    public void start() {
        log = maker.apply(self);
        log.start();
    }

    @Override
    public void stop() {
        log.stop();
    }

    private void restart() {
        log.stop();
        strangeMessages += log.standing().droppedMessages();
        restarts++;
        String node = self.node();
        self = new Endpoint(node, Incarnations.again(self.incarnation(), restarts));
        present.put(node, self);
        host.onFollower();
        host.install(null);
        start();
        log.onEndpoints(present);
        LogEvent.REPLICA_RESTARTED.on(LOG).addKeyValue("shard", shard).log();
    }

    @Override
    public Admission append(String gateway, Command command) {
        return log.append(gateway, command);
    }

    @Override
    public boolean leads() {
        return log.leads();
    }

    @Override
    public boolean isAhead() {
        return log.isAhead();
    }

    @Override
    public boolean votes() {
        return log.votes();
    }

    @Override
    public String charter() {
        return charter;
    }

    /** What the log of an endpoint that is over has dropped counts on. */
    @Override
    public Standing standing() {
        Standing present = log.standing();
        return new Standing(
                present.pendingCommands(),
                present.replicasBehind(),
                present.lagEntriesMax(),
                restarts,
                strangeMessages + present.droppedMessages());
    }

    @Override
    public void onMessage(byte[] message) {
        ReplicaEnvelope envelope = ReplicaEnvelope.open(message);
        if (envelope == null || !envelope.charter().equals(charter)) {
            strangeMessages++;
            return;
        }
        notePresent(envelope.sender());
        if (!envelope.receiver().equals(self)) {
            return;
        }
        if (envelope.isOrderToRestart()) {
            restart();
        } else if (!envelope.isGreeting()) {
            log.onMessage(envelope.content());
        }
    }

    /** A node's latest endpoint counts, of the incarnation that the cluster knows. */
    private void notePresent(Endpoint sender) {
        Endpoint known = present.get(sender.node());
        if (known != null && Incarnations.isLater(sender.incarnation(), known.incarnation())) {
            present.put(sender.node(), sender);
            log.onEndpoints(present);
        }
    }

    @Override
    public void onPresent(Map<String, String> incarnations) {
        List<String> members = log.members().stream().map(Endpoint::node).toList();
        present.keySet().removeIf(node -> !incarnations.containsKey(node));
        incarnations.forEach((node, incarnation) -> {
            Endpoint known = present.get(node);
            if (known == null || !Incarnations.isOf(known.incarnation(), incarnation)) {
                present.put(node, new Endpoint(node, incarnation));
            }
        });
        present.put(self.node(), self);
        log.onEndpoints(present.entrySet().stream()
                .filter(each -> members.contains(each.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        if (!votes()) {
            greet();
        }
    }

    /** A new endpoint knows the founders alone, and the leader may be none of them: how should it know whom to bring in? */
    private void greet() {
        present.values().stream()
                .filter(each -> !each.equals(self))
                .forEach(each -> sender.accept(each, ReplicaEnvelope.greeting(charter, self, each)));
    }

    @Override
    public boolean handOverTo(List<String> nodes) {
        List<Endpoint> voters = log.voters();
        Optional<Endpoint> next = nodes.stream()
                .map(present::get)
                .filter(each -> each != null && !each.equals(self) && voters.contains(each))
                .findFirst();
        next.ifPresent(log::transferLeadership);
        return next.isPresent();
    }

    @Override
    public void apply(long index, Moment moment, String gateway, Command command) {
        host.apply(index, moment, gateway, command);
    }

    @Override
    public Limits limits() {
        return host.limits();
    }

    @Override
    public Snapshot snapshot() {
        return host.snapshot();
    }

    @Override
    public void install(@Nullable Snapshot snapshot) {
        host.install(snapshot);
    }

    @Override
    public void onLeader(int term) {
        host.onLeader(term);
    }

    @Override
    public void onFollower() {
        host.onFollower();
    }

    @Override
    public void onDropped(String gateway) {
        host.onDropped(gateway);
    }

    @Override
    public void onFailure(Throwable failure) {
        LogEvent.REPLICA_FAILED
                .on(LOG)
                .addKeyValue("shard", shard)
                .setCause(failure)
                .log();
        log.later(this::restart);
    }

    @Override
    public void onRemoved() {
        log.later(this::restart);
    }

    @Override
    public void onStuck(Endpoint laggard) {
        sender.accept(laggard, ReplicaEnvelope.orderToRestart(charter, self, laggard));
    }
}
