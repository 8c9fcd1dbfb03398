// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import io.rtmlocks.lock.invariant.Invariant;
import io.rtmlocks.lock.invariant.Ledger;
import io.rtmlocks.lock.invariant.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One run: a table under random commands, watched by the invariants, an oracle, and a twin that was made from a snapshot.
 */
final class Trial {

    /** Who watches. */
    enum Watch {
        INVARIANTS,
        ORACLE,
        TWIN
    }

    /** The table under test: its rules, and what happens to its effects on their way out. */
    record Machine(Supplier<Rules> rules, Supplier<UnaryOperator<List<Effect>>> delivery) {
        static final Machine SOUND = of(Rules::new);

        static Machine of(Supplier<Rules> rules) {
            return new Machine(rules, UnaryOperator::identity);
        }
    }

    /** What was broken, by its name, and the commands that did it. */
    record Failure(String promise, String message, List<Step> steps) {}

    private static final int SNAPSHOT_EVERY_STEPS = 40;
    private static final int QUEUE_SHOWN_MAX = 2;
    private static final long LAST_EPOCH = 1_000_000;

    private final World world;
    private final Machine machine;
    private final Set<Watch> watches;
    private final LockTable table;
    private final UnaryOperator<List<Effect>> delivery;
    private final Oracle oracle;
    private final Ledger ledger = new Ledger();
    private final List<Invariant> invariants;
    private final List<Step> steps = new ArrayList<>();
    private LockTable twin;

    private Trial(World world, Machine machine, Set<Watch> watches) {
        this.world = world;
        this.machine = machine;
        this.watches = watches;
        this.table = new LockTable(world.limits(), machine.rules.get());
        this.twin = table;
        this.delivery = machine.delivery.get();
        this.oracle = new Oracle(world.limits());
        this.invariants = Invariant.all(world.limits().sessionRememberedMillis());
    }

    /** Runs that many random commands; null when all went well. */
    static @Nullable Failure run(World world, int commands, Machine machine, Set<Watch> watches) {
        CommandSource source = new CommandSource(world);
        Trial trial = new Trial(world, machine, watches);
        return trial.failure(() -> {
            for (int i = 0; i < commands; i++) {
                source.saw(trial.take(source.next()));
            }
            trial.end();
        });
    }

    /** Runs these commands once more. */
    static @Nullable Failure replay(World world, List<Step> steps, Machine machine, Set<Watch> watches) {
        Trial trial = new Trial(world, machine, watches);
        return trial.failure(() -> {
            steps.forEach(trial::take);
            trial.end();
        });
    }

    private @Nullable Failure failure(Runnable run) {
        try {
            run.run();
            return null;
        } catch (Invariant.Broken broken) {
            return new Failure(broken.invariant(), broken.getMessage(), steps);
        } catch (Differs differs) {
            return new Failure(differs.from, differs.getMessage(), steps);
        } catch (RuntimeException e) {
            return new Failure("NoException", e + " at " + e.getStackTrace()[0], steps);
        }
    }

    private List<Effect> take(Step step) {
        if (steps.size() % SNAPSHOT_EVERY_STEPS == 0 && watches.contains(Watch.TWIN)) {
            twin = table.snapshot().toTable(machine.rules.get());
        }
        steps.add(step);
        List<Effect> effects = apply(table, step);
        List<Effect> delivered = delivery.apply(effects);
        if (watches.contains(Watch.INVARIANTS)) {
            ledger.watch(new Turn(step.moment(), step.command(), delivered), invariants);
        }
        if (watches.contains(Watch.ORACLE)) {
            askOracle(step, delivered);
        }
        if (watches.contains(Watch.TWIN)) {
            expectSame("a table from a snapshot", apply(twin, step), effects);
        }
        return delivered;
    }

    private static List<Effect> apply(LockTable table, Step step) {
        return table.apply(table.lastIndex() + 1, step.moment(), step.command());
    }

    private void askOracle(Step step, List<Effect> delivered) {
        expectSame("Oracle", oracle.apply(step.moment(), step.command()), withoutSentences(delivered));
        expectSame("Oracle", oracle.nextAlarm(), table.nextDeadlineMillis());
        ChannelKey channel =
                world.channels().get(steps.size() % world.channels().size());
        String lock = world.locks().get(steps.size() % world.locks().size());
        expectSame("Oracle", oracle.contended(channel), table.contended(channel));
        expectSame("Oracle", oracle.queue(channel, lock, QUEUE_SHOWN_MAX), table.queue(channel, lock, QUEUE_SHOWN_MAX));
    }

    /** Everybody comes back once more, and leaves: so that no request may be without its answer. */
    private void end() {
        Moment moment =
                steps.isEmpty() ? new Moment(0, 0) : steps.get(steps.size() - 1).moment();
        List<Step> played = List.copyOf(steps);
        for (String session : world.sessions()) {
            take(new Step(moment, new Command.SessionOnline(session, LAST_EPOCH, world.userOf(session), "g1")));
        }
        for (String session : world.sessions()) {
            take(new Step(moment, new Command.SessionGone(session, LAST_EPOCH)));
        }
        if (watches.contains(Watch.INVARIANTS)) {
            invariants.forEach(invariant -> invariant.atTheEnd(ledger));
        }
        if (watches.contains(Watch.TWIN)) {
            expectSame("a table from a snapshot", twin.snapshot(), table.snapshot());
            expectSame("a table from the same commands", replayed().snapshot(), table.snapshot());
        }
        steps.clear();
        steps.addAll(played);
    }

    private LockTable replayed() {
        LockTable replayed = new LockTable(world.limits(), machine.rules.get());
        steps.forEach(step -> apply(replayed, step));
        return replayed;
    }

    private static void expectSame(String from, @Nullable Object expected, @Nullable Object actual) {
        if (!Objects.equals(expected, actual)) {
            throw new Differs(from, "expected %s%n but was %s".formatted(expected, actual));
        }
    }

    private static List<Effect> withoutSentences(List<Effect> effects) {
        return effects.stream().map(Trial::withoutSentence).toList();
    }

    private static Effect withoutSentence(Effect effect) {
        if (effect instanceof Effect.Replied reply && reply.reply().answer() instanceof Answer.Rejected rejected) {
            Rejection rejection = new Rejection(
                    rejected.rejection().kind(), "", rejected.rejection().detail());
            Answer answer =
                    new Answer.Rejected(rejected.operation(), rejected.channel(), rejected.lockName(), rejection);
            return new Effect.Replied(
                    reply.gateway(),
                    reply.sessionId(),
                    reply.requestId(),
                    new Reply(reply.reply().utcMillis(), answer));
        }
        return effect;
    }

    /** The table says something else than who should know. */
    private static final class Differs extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String from;

        Differs(String from, String message) {
            super(message);
            this.from = from;
        }
    }
}
