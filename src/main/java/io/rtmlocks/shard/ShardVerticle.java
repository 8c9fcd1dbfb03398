// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Answer;
import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.LockTable;
import io.rtmlocks.lock.Moment;
import io.rtmlocks.lock.Snapshot;
import io.rtmlocks.lock.TableCounts;
import io.rtmlocks.lock.TableView;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hosts one shard on one context: gives commands to the log, applies what the log commits, sends the effects if it leads.
 *
 * <p>It knows no rule of locks. All its state belongs to its context; {@link NodeBus} calls it there.
 */
public final class ShardVerticle extends VerticleBase implements ShardLog.Host {

    private static final int COMMANDS_PER_TURN_MAX = 1_000;

    /** Often enough for {@link ShardClock} to tell quiet from a pause. */
    private static final long BEAT_MILLIS = 250;

    private static final long ANNOUNCE_MILLIS = 1_000;

    /** How long the cluster's failure detector may take to notice that a node is gone, or that this one is alone. */
    private static final long DETECTED_WITHIN_MILLIS = 7_000;

    /** So that a clock that stands still does not make the loop spin. */
    private static final long TIMER_MILLIS_MIN = 5;

    /** Some megabytes at most. */
    private static final int TRANSITIONS_MAX = 10_000;

    private static final long NEVER = Long.MAX_VALUE;
    private static final String NO_GATEWAY = "";

    private final int shard;
    private final Limits limits;
    private final NodeBus bus;
    private final ShardClock clock;
    private final ShardLog.Factory factory;
    private final ShardMeters meters;
    private final Lines lines;
    private final Permits permits = new Permits();
    private final LostGateways lostGateways = new LostGateways(DETECTED_WITHIN_MILLIS);
    private final LockHistory history = new LockHistory(TRANSITIONS_MAX);
    private final EarlyAnswers earlyAnswers;
    private final Administration administration = new Administration();
    private final Queue<Asked> asked = new ArrayDeque<>();
    private LockTable table;
    private EffectRunner effects;
    private ShardLog log;
    private int term;
    private boolean leading;
    private volatile boolean votes;
    private boolean working;
    private boolean turnEnds;

    /** Word of the time is under way to the others already. */
    private boolean ticking;

    private List<Steps.Repeated> repeated = List.of();
    private long timer = -1;
    private long timerDueMillis = NEVER;

    @SuppressWarnings("NullAway.Init")
    public ShardVerticle(
            int shard, Limits limits, ShardClock clock, NodeBus bus, ShardLog.Factory factory, ShardMeters meters) {
        this.shard = shard;
        this.limits = limits;
        this.bus = bus;
        this.clock = clock;
        this.factory = factory;
        this.meters = meters;
        this.lines = new Lines(shard, bus);
        this.earlyAnswers = new EarlyAnswers(bus.address(), clock::millis, answered -> bus.answerHere(shard, answered));
        host(new LockTable(limits));
    }

    @Override
    public Future<?> start() {
        log = factory.open(shard, vertx, context, clock, this);
        bus.host(shard, context, this);
        Steps steps = new Steps(vertx, clock::nanos);
        repeated = List.of(steps.every(BEAT_MILLIS, this::beat), steps.every(ANNOUNCE_MILLIS, this::sweep));
        log.start();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        repeated.forEach(Steps.Repeated::cancel);
        log.stop();
        return Future.succeededFuture();
    }

    private void host(LockTable newTable) {
        table = newTable;
        effects = new EffectRunner(shard, table, meters, lines::say);
    }

    void onCommands(CommandBatch batch) {
        if (!leading || !lines.isNext(batch)) {
            bus.send(batch.gateway(), new CommandBatch.Refused(shard, batch.stream(), batch.number()));
            return;
        }
        permits.learn(batch);
        batch.commands().forEach(command -> take(batch, command));
        if (!working) {
            work();
        }
    }

    private void take(CommandBatch batch, Command command) {
        if (command instanceof Command.Request request && !permits.allow(batch.gateway(), request)) {
            effects.forbidden(batch.gateway(), request, clock.now().utcMillis());
            return;
        }
        Departure departure = Departure.of(command, table);
        if (departure != null) {
            permits.forget(batch.gateway(), departure);
        }
        asked.add(new Asked(batch, command));
    }

    void onDisinterest(CommandBatch.Disinterest disinterest) {
        effects.interest().remove(disinterest.channel(), disinterest.gateway());
    }

    void onTold(DeliveryBatch.Told told) {
        effects.told(told);
        endTurn();
    }

    void onReplicaMessage(byte[] message) {
        log.onMessage(message);
    }

    /** @param incarnations of every node that is there, by its name */
    public void onPresent(Map<String, String> incarnations) {
        log.onPresent(incarnations);
    }

    /**
     * The first of these nodes that can is to lead.
     *
     * @return whether this node leads now, though one of them could
     */
    public boolean handOverTo(List<String> nodes) {
        return log.leads() && log.handOverTo(nodes);
    }

    /** Whether the replica here counts, as of the last beat; may be asked on any context. */
    public boolean votes() {
        return votes;
    }

    public int shard() {
        return shard;
    }

    /** How much the shard keeps and has to do, in a moment in which nothing else happens on its context. */
    public Future<ShardCounts> counts() {
        Promise<ShardCounts> counted = Promise.promise();
        context.runOnContext(v -> counted.complete(
                new ShardCounts(leading, leading ? table.counts() : TableCounts.NONE, asked.size(), log.standing())));
        return counted.future();
    }

    /** @return its term if this node leads the shard now, else 0 */
    public int leadingTerm() {
        return leading ? term : 0;
    }

    /** @return the index of the last command applied here */
    public long lastIndex() {
        return table.lastIndex();
    }

    /** What an operator sees; complete on the leader only. */
    public TableView view() {
        return new TableView(table);
    }

    public LockHistory history() {
        return history;
    }

    /** @return the time by which the deadlines of the leader's table are counted */
    public long nowMillis() {
        return clock.millis();
    }

    /**
     * Does this as the operator.
     *
     * @param sessionId that nobody has had
     * @return the answer a client would get; fails when this node does not lead the shard, or not for long enough
     */
    public Future<Answer> administer(String sessionId, Function<Caller, Command.Request> request) {
        return leading
                ? administration.ask(
                        sessionId, request, command -> log.append(NO_GATEWAY, command) == ShardLog.Admission.TAKEN)
                : Future.failedFuture("the leader has just changed: nothing happened, try again");
    }

    private void beat() {
        clock.millis();
        votes = log.votes();
    }

    /** Works off what was asked, a bounded number in one turn. */
    private void work() {
        working = true;
        boolean isDone = false;
        try {
            for (int i = 0; i < COMMANDS_PER_TURN_MAX && !asked.isEmpty(); i++) {
                append(asked.remove());
            }
            isDone = true;
        } finally {
            working = isDone && !asked.isEmpty();
        }
        endTurn();
        if (working) {
            context.runOnContext(v -> work());
        }
    }

    /** What cannot be taken ends the conversation: its gateway begins a new one, and asks again. */
    private void append(Asked next) {
        CommandBatch batch = next.batch;
        if (log.append(batch.gateway(), next.command) != ShardLog.Admission.TAKEN) {
            lines.end(batch.gateway());
            asked.removeIf(other -> other.batch.gateway().equals(batch.gateway()));
            bus.send(batch.gateway(), new CommandBatch.Refused(shard, batch.stream(), batch.number() + 1));
        }
    }

    @Override
    public void apply(long index, Moment moment, String gateway, Command command) {
        Departure departure = log.leads() ? Departure.of(command, table) : null;
        var tableEffects = table.apply(index, moment, command);
        history.note(tableEffects);
        administration.note(tableEffects);
        ticking &= !(command instanceof Command.Tick);
        if (log.leads()) {
            effects.run(gateway, moment, command, tableEffects);
            if (departure != null) {
                note(gateway, departure);
            }
            endTurnSoon();
        } else {
            earlyAnswers.onApplied(tableEffects, log.isAhead());
        }
    }

    /** Two gateways may know a session in the same epoch, for a client that got no answer from the one and went to the other. */
    private void note(String gateway, Departure departure) {
        effects.noted(gateway, departure.sessionId(), departure.epoch());
        if (!departure.home().equals(gateway)) {
            effects.takenForGone(departure.home(), departure.sessionId(), departure.epoch());
        }
    }

    private void endTurnSoon() {
        if (!working && !turnEnds) {
            turnEnds = true;
            context.runOnContext(v -> {
                turnEnds = false;
                endTurn();
            });
        }
    }

    private void endTurn() {
        if (!leading) {
            return;
        }
        long nowMillis = clock.millis();
        effects.flush(nowMillis);
        long tickMillis = ticking ? NEVER : table.nextDeadlineMillis();
        setTimer(Math.min(tickMillis, effects.nextMillis(nowMillis)), nowMillis);
    }

    private void setTimer(long dueMillis, long nowMillis) {
        if (dueMillis < timerDueMillis) {
            vertx.cancelTimer(timer);
            timerDueMillis = dueMillis;
            timer = vertx.setTimer(Math.max(TIMER_MILLIS_MIN, dueMillis - nowMillis), id -> onTimer());
        }
    }

    private void onTimer() {
        timerDueMillis = NEVER;
        if (leading && !ticking && table.nextDeadlineMillis() <= clock.millis()) {
            tick();
        }
        endTurn();
    }

    private void tick() {
        ticking = true;
        if (log.append(NO_GATEWAY, new Command.Tick()) != ShardLog.Admission.TAKEN) {
            ticking = false;
        }
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public Snapshot snapshot() {
        return table.snapshot();
    }

    @Override
    public void install(@Nullable Snapshot snapshot) {
        history.clear();
        host(snapshot == null ? new LockTable(limits) : snapshot.toTable());
    }

    @Override
    public void onLeader(int newTerm) {
        term = newTerm;
        leading = true;
        meters.leads();
        begin();
        announce();
        endTurn();
    }

    @Override
    public void onFollower() {
        if (leading) {
            meters.leadsNoMore();
        }
        leading = false;
        administration.end();
        begin();
    }

    /** The gateway begins a new conversation, and asks again. */
    @Override
    public void onDropped(String gateway) {
        ticking = false;
        lines.end(gateway);
        if (gateway.equals(NO_GATEWAY)) {
            administration.end();
        }
        endTurnSoon();
    }

    /** Whoever leads anew knows nobody: gateways tell it what they need. */
    private void begin() {
        lines.endAll();
        permits.forgetAll();
        lostGateways.forgetAll();
        asked.clear();
        ticking = false;
        host(table);
        timerDueMillis = NEVER;
        vertx.cancelTimer(timer);
    }

    /** Says that this node leads, if it does. */
    void announce() {
        if (leading) {
            bus.tellAll(new Leads(shard, log.charter(), term, bus.address(), lines.all()));
        }
    }

    private void sweep() {
        if (!leading) {
            return;
        }
        lines.keepOnly(bus.nodes());
        permits.keepOnly(bus.nodes().addresses());
        effects.interest().keepOnly(bus.nodes().addresses());
        announce();
        List<Command> lost = table.offlineAt(lostGateways.at(bus.nodes(), clock.millis()));
        lost.forEach(offline -> log.append(NO_GATEWAY, offline));
    }

    private record Asked(CommandBatch batch, Command command) {}
}
