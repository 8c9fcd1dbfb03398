// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.LockTable;
import io.rtmlocks.lock.Moment;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Hosts one shard on one context: gives commands to the log, applies what the log commits, sends the effects.
 *
 * <p>It knows no rule of locks. All its state belongs to its context; {@link NodeBus} calls it there.
 */
public final class ShardVerticle extends VerticleBase {

    private static final int COMMANDS_PER_TURN_MAX = 1_000;

    /** Often enough for {@link ShardClock} to tell quiet from a pause. */
    private static final long BEAT_MILLIS = 250;

    /** So that a clock that stands still does not make the loop spin. */
    private static final long TIMER_MILLIS_MIN = 5;

    private static final long NEVER = Long.MAX_VALUE;
    private static final String NO_GATEWAY = "";

    private final int shard;
    private final NodeBus bus;
    private final ShardClock clock;
    private final LockTable table;
    private final ShardLog log;
    private final EffectRunner effects;
    private final Queue<Asked> asked = new ArrayDeque<>();
    private boolean working;
    private long timer = -1;
    private long timerDueMillis = NEVER;

    public ShardVerticle(int shard, Limits limits, ShardClock clock, NodeBus bus) {
        this.shard = shard;
        this.bus = bus;
        this.clock = clock;
        this.table = new LockTable(limits);
        this.log = new LocalLog(clock, this::apply);
        this.effects = new EffectRunner(shard, table, bus::toGateway);
    }

    @Override
    public Future<?> start() {
        bus.host(shard, context, this);
        vertx.setPeriodic(BEAT_MILLIS, id -> clock.millis());
        return Future.succeededFuture();
    }

    void onCommands(CommandBatch batch) {
        for (Command command : batch.commands()) {
            asked.add(new Asked(batch.gateway(), command));
        }
        if (!working) {
            work();
        }
    }

    void onDisinterest(CommandBatch.Disinterest disinterest) {
        effects.interest().remove(disinterest.channel(), disinterest.gateway());
    }

    /** Works off what was asked, a bounded number in one turn. */
    private void work() {
        for (int i = 0; i < COMMANDS_PER_TURN_MAX && !asked.isEmpty(); i++) {
            Asked next = asked.remove();
            log.append(next.gateway, next.command);
        }
        working = !asked.isEmpty();
        endTurn();
        if (working) {
            context.runOnContext(v -> work());
        }
    }

    private void apply(long index, Moment moment, String gateway, Command command) {
        effects.run(gateway, table.apply(index, moment, command));
    }

    private void endTurn() {
        long nowMillis = clock.millis();
        effects.notices().tell(nowMillis);
        effects.flush();
        setTimer(Math.min(table.nextDeadlineMillis(), effects.notices().nextMillis()), nowMillis);
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
        if (table.nextDeadlineMillis() <= clock.millis()) {
            log.append(NO_GATEWAY, new Command.Tick());
        }
        endTurn();
    }

    private record Asked(String gateway, Command command) {}
}
