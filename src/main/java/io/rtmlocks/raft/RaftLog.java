// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.RaftNodeStatus;
import io.microraft.RaftRole;
import io.microraft.exception.NotLeaderException;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.handler.AppendEntriesRequestHandler;
import io.microraft.impl.handler.AppendEntriesSuccessResponseHandler;
import io.microraft.impl.statemachine.InternalCommitAware;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.report.RaftNodeReport;
import io.microraft.statemachine.StateMachine;
import io.microraft.transport.Transport;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Snapshot;
import io.rtmlocks.shard.ShardLog;
import io.rtmlocks.wire.BadMessageException;
import io.rtmlocks.wire.NodeCodec;
import io.rtmlocks.wire.SnapshotPart;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log of a shard that has replicas on several nodes: what a majority of them has is applied, on all, in one order.
 *
 * <pre>
 * state     | input                               | next state | what happens
 * ----------+-------------------------------------+------------+----------------------------------------------------
 * FOLLOWING | append                              | the same   | NOT_LEADER
 * FOLLOWING | a majority votes for this replica   | ELECTED    | the log goes on with LeaderChanged
 * ELECTED   | append                              | the same   | NOT_LEADER
 * ELECTED   | its LeaderChanged is applied        | LEADING    | onLeader
 * LEADING   | append                              | the same   | TAKEN, or BUSY when too much is under way
 * LEADING   | a later term, or no majority heard  | FOLLOWING  | onDropped for all that was taken, onFollower
 * ELECTED   | the same                            | FOLLOWING  |
 * any       | an entry is known to be committed   | the same   | its commands are applied; ahead, if the leader cannot
 *           |                                     |            | know it yet
 * any       | the group has removed this endpoint | (over)     | onRemoved
 * </pre>
 *
 * <p>Commands that are appended in one turn of the context share an entry, and a moment. Confined to the shard's context.
 */
public final class RaftLog implements ShardLog {

    private enum State {
        FOLLOWING,
        ELECTED,
        LEADING
    }

    private final Endpoint self;
    private final RaftSettings settings;
    private final RaftPorts ports;
    private final Replica replica;
    private final PacedExecutor executor;
    private final RaftNodeImpl node;
    private final GroupRepair repair;
    private final LaggardWatch laggards;
    private final ElectionWatch elections;
    private final MajorityWatch majority;
    private final CommitNotices notices;
    private final SparedFollowers spared;
    private final Shortening shortening;
    private State state = State.FOLLOWING;
    private Batch.Draft draft = new Batch.Draft();
    private @Nullable Batch firstOfTerm;
    private int pendingCommands;
    private long lastIndex;
    private long droppedMessages;
    private long leaderCommitIndex;
    private boolean isAhead;
    private Lag lag = Lag.NONE;

    /**
     * @param shard the number that all replicas of this shard have in common
     * @param self who this replica is; an endpoint is used once
     * @param founders with whom the shard began: the same on every replica, also on one that comes later
     */
    public RaftLog(
            int shard,
            Endpoint self,
            List<Endpoint> founders,
            RaftSettings settings,
            RaftPorts ports,
            Replica replica) {
        this.self = self;
        this.settings = settings;
        this.ports = ports;
        this.replica = replica;
        this.executor = new PacedExecutor(ports.executor(), settings.speed());
        PacedClock clock = new PacedClock(ports.monotonicMillis(), settings.speed());
        this.node = (RaftNodeImpl) RaftNode.newBuilder()
                .setGroupId(shard)
                .setLocalEndpoint(self)
                .setInitialGroupMembers(List.copyOf(founders))
                .setConfig(settings.config())
                .setExecutor(executor)
                .setTransport(new Sending())
                .setStateMachine(new Applying())
                .setRaftNodeReportListener(this::onReport)
                .setRandom(ports.random())
                .setClock(clock)
                .build();
        this.repair = new GroupRepair(node, settings.learnerLagEntriesMax());
        this.laggards = new LaggardWatch(clock::millis, settings.stuckMillis() * settings.speed(), replica::onStuck);
        this.elections = new ElectionWatch(node, executor);
        this.majority = new MajorityWatch(node, executor, clock::millis);
        this.notices = new CommitNotices(ports.monotonicMillis());
        this.spared = new SparedFollowers(node, executor, shard, ports.transport()::isBeside);
        this.shortening = new Shortening(node, settings, this::snapshot);
    }

    @Override
    public void start() {
        var unused = node.start();
    }

    /** At once: for the others it is as if this node had died. */
    @Override
    public void stop() {
        executor.stop();
    }

    @Override
    public Admission append(String gateway, Command command) {
        if (state != State.LEADING) {
            return Admission.NOT_LEADER;
        }
        if (pendingCommands >= settings.pendingCommandsMax()) {
            return Admission.BUSY;
        }
        if (draft.proposals().isEmpty()) {
            executor.execute(this::propose);
        }
        pendingCommands++;
        draft.add(gateway, command);
        if (draft.isFull(settings)) {
            propose();
        }
        return Admission.TAKEN;
    }

    private void propose() {
        if (draft.proposals().isEmpty()) {
            return;
        }
        Batch batch = draft.at(ports.clock().now());
        draft = new Batch.Draft();
        List<Batch.Proposal> proposals = batch.proposals();
        var unused = node.replicate(batch).whenComplete((done, failure) -> settled(proposals, failure));
    }

    /** What was proposed has been applied, or will not be by this leader. */
    private void settled(List<Batch.Proposal> proposals, @Nullable Throwable failure) {
        pendingCommands -= proposals.size();
        if (failure != null) {
            proposals.stream().map(Batch.Proposal::gateway).distinct().forEach(replica::onDropped);
        }
    }

    /** What cannot be understood is dropped and counted. */
    @Override
    public void onMessage(byte[] bytes) {
        RaftMessage message;
        try {
            message = RaftMessageCodec.decode(bytes);
        } catch (BadMessageException e) {
            droppedMessages++;
            return;
        }
        if (!message.getGroupId().equals(node.getGroupId())) {
            droppedMessages++;
            return;
        }
        elections.onMessage(message);
        if (message instanceof AppendEntriesRequest request) {
            executor.execute(() -> onEntries(AfterSnapshot.heardBy(node, request)));
        } else if (message instanceof AppendEntriesSuccessResponse answer) {
            executor.execute(() -> onSuccess(answer));
        } else {
            node.handle(understood(message));
        }
    }

    private RaftMessage understood(RaftMessage message) {
        return message instanceof Refusal refusal ? refusal.heardBy(node) : KnownSnapshot.heardBy(node, message);
    }

    /** What a follower had in a former term it may have let go of since: MicroRaft 0.7 would count it. */
    private void onSuccess(AppendEntriesSuccessResponse answer) {
        if (answer.getTerm() == node.state().term()) {
            new AppendEntriesSuccessResponseHandler(node, answer).run();
        }
    }

    private void onEntries(AppendEntriesRequest request) {
        leaderCommitIndex = request.getCommitIndex();
        new AppendEntriesRequestHandler(node, MajorityOfTwo.heardBy(node, request)).run();
    }

    @Override
    public boolean isAhead() {
        return isAhead;
    }

    /** The present incarnation of every node that is there: a leader replaces endpoints that are of former ones. */
    public void onEndpoints(Map<String, Endpoint> present) {
        repair.onPresent(present);
    }

    /** Runs a task on the shard's context, when what it does now is done. */
    void later(Runnable task) {
        ports.executor().execute(task);
    }

    /** Hands leadership over to another voter, if it can be; while it tries, commands are dropped. */
    public void transferLeadership(Endpoint target) {
        spared.goesFirst(target);
        var unused = node.transferLeadership(target);
    }

    private void onReport(RaftNodeReport report) {
        if (report.getStatus() == RaftNodeStatus.TERMINATED) {
            replica.onRemoved();
        }
        boolean isElected = report.getRole() == RaftRole.LEADER;
        if (isElected && state == State.FOLLOWING) {
            state = State.ELECTED;
        } else if (!isElected && state != State.FOLLOWING) {
            stepDown();
        }
        lag = Lag.of(report);
        repair.onReport(report);
        laggards.onReport(report);
        elections.onReport(report);
        majority.onReport(report);
    }

    private void stepDown() {
        boolean wasLeading = state == State.LEADING;
        state = State.FOLLOWING;
        firstOfTerm = null;
        List<Batch.Proposal> taken = draft.proposals();
        draft = new Batch.Draft();
        settled(taken, new NotLeaderException(self, null));
        if (wasLeading) {
            replica.onFollower();
        }
    }

    @Override
    public boolean leads() {
        return state != State.FOLLOWING;
    }

    public Endpoint self() {
        return self;
    }

    public int term() {
        return node.getTerm().getTerm();
    }

    /** @return all replicas, also those that do not vote yet, as this one knows them */
    public List<Endpoint> members() {
        return endpoints(node.getCommittedMembers().getMembers());
    }

    /** @return those of them that vote */
    public List<Endpoint> voters() {
        return endpoints(node.getCommittedMembers().getVotingMembers());
    }

    @Override
    public boolean votes() {
        return node.getCommittedMembers().getVotingMembers().contains(self);
    }

    private static List<Endpoint> endpoints(Collection<RaftEndpoint> members) {
        return members.stream().map(Endpoint.class::cast).toList();
    }

    @Override
    public Standing standing() {
        return new Standing(pendingCommands, lag.replicas(), lag.entriesMax(), 0, droppedMessages);
    }

    private List<SnapshotPart> snapshot() {
        return NodeCodec.encodeSnapshot(replica.snapshot(), settings.snapshotChunkBytes());
    }

    private final class Sending implements Transport {
        @Override
        public void send(RaftEndpoint target, RaftMessage message) {
            if (notices.mayLeaveOut(target, message)) {
                return;
            }
            Endpoint endpoint = (Endpoint) target;
            spared.send(
                    endpoint,
                    message,
                    () -> ports.transport().send(endpoint, RaftMessageCodec.encode(withCommitIndex(message))));
        }

        private RaftMessage withCommitIndex(RaftMessage message) {
            return message instanceof AppendEntriesFailureResponse refused
                    ? new Refusal(refused, node.state().commitIndex())
                    : message;
        }

        @Override
        public boolean isReachable(RaftEndpoint target) {
            return ports.transport().isReachable((Endpoint) target);
        }
    }

    /** Commits come here, in order. */
    private final class Applying implements StateMachine, InternalCommitAware {
        @Override
        public @Nullable Object runOperation(long commitIndex, Object operation) {
            Batch batch = (Batch) operation;
            isAhead = state == State.FOLLOWING && commitIndex > leaderCommitIndex;
            applyAll(commitIndex, batch);
            if (batch == firstOfTerm && state == State.ELECTED) {
                state = State.LEADING;
                replica.onLeader(term());
            }
            return null;
        }

        /** Whoever could not apply an entry is not equal to the others any more, and must not go on as if it were. */
        private void applyAll(long commitIndex, Batch batch) {
            try {
                for (Batch.Proposal each : batch.proposals()) {
                    replica.apply(++lastIndex, batch.moment(), each.gateway(), each.command());
                }
                batch.wasApplied();
                shortening.onApplied(commitIndex, batch.bytes());
            } catch (RuntimeException | Error e) {
                stop();
                replica.onFailure(e);
                throw e;
            }
        }

        @Override
        public void onInternalCommit(long commitIndex) {
            shortening.onApplied(commitIndex, 0);
        }

        @Override
        public void takeSnapshot(long commitIndex, Consumer<Object> chunks) {
            snapshot().forEach(chunks);
        }

        @Override
        public void installSnapshot(long commitIndex, List<Object> chunks) {
            try {
                Snapshot snapshot = NodeCodec.decodeSnapshot(
                        chunks.stream().map(SnapshotPart.class::cast).toList());
                lastIndex = snapshot.lastIndex();
                replica.install(snapshot);
                shortening.onInstalled();
            } catch (BadMessageException e) {
                throw new IllegalStateException("a snapshot of another version", e);
            }
        }

        @Override
        public Object getNewTermOperation() {
            Batch.Draft first = new Batch.Draft();
            first.add("", new Command.LeaderChanged(replica.limits()));
            firstOfTerm = first.at(ports.clock().now());
            return Objects.requireNonNull(firstOfTerm);
        }
    }
}
