// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plays the commands of one script on a table in virtual time.
 *
 * <pre>
 * limits locksPerChannelMax=2     other bounds than the standard ones; first thing in a script
 * tokens exact                    show fencing tokens as they are
 * advance 10s                     time passes, and each deadline is met when it is due
 * leap 10s                        time passes, and nobody looks at the deadlines
 * clock -1h                       the wall clock is set back
 * leader -3h                      another node leads, whose clock reads three hours less
 * leader 0s locksPerChannelMax=2  another node leads, whose bounds are others
 * tick                            what is due now is done
 * restore                         goes on with a table made from a snapshot of this one
 * queue L first=2 | contended     what the host reads when a queue has changed
 * alice acquireLock L retry       a request; alice/2 is a second tab of the user alice
 * alice again #3                  the same request once more
 * </pre>
 *
 * {@link SessionCommands} has what a session can say.
 */
final class ScriptPlayer {

    private static final long START_UTC_MILLIS = 1_800_000_000_000L;
    private static final int QUEUE_SHOWN_MAX = 20;

    private final Naming naming = new Naming(START_UTC_MILLIS);
    private final SessionCommands sessions = new SessionCommands(naming);
    private final Vocabulary vocabulary;
    private final List<String> lines = new ArrayList<>();
    private Limits limits = Limits.STANDARD;
    private LockTable table = new LockTable(limits);
    private long monotonicMillis;
    private long utcOffsetMillis = START_UTC_MILLIS;

    ScriptPlayer(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** @return the lines that tell the effects of these commands */
    List<String> play(List<String> commands) {
        lines.clear();
        commands.forEach(this::play);
        return lines.isEmpty() ? List.of("(nothing)") : List.copyOf(lines);
    }

    private void play(String text) {
        ScriptLine line = new ScriptLine(text);
        String first = line.word();
        switch (first) {
            case "limits" -> begin(line.options());
            case "tokens" -> exactTokens(line.word());
            case "advance" -> advance(ScriptLine.millis(line.word()));
            case "leap" -> monotonicMillis += ScriptLine.millis(line.word());
            case "clock" -> utcOffsetMillis += ScriptLine.millis(line.word());
            case "leader" -> changeLeader(ScriptLine.millis(line.word()), line.options());
            case "tick" -> apply(new Command.Tick());
            case "restore" -> restore();
            case "queue" -> queue(line);
            case "contended" -> lines.add("contended " + table.contended(line.channel()));
            default -> apply(sessions.command(first, line));
        }
        line.expectEnd();
    }

    private void exactTokens(String word) {
        if (!word.equals("exact")) {
            throw new IllegalArgumentException("tokens " + word);
        }
        naming.showTokensExactly();
    }

    private void apply(Command command) {
        Moment moment = new Moment(utcOffsetMillis + monotonicMillis, monotonicMillis);
        naming.now(moment.utcMillis());
        List<Effect> effects = table.apply(table.lastIndex() + 1, moment, command);
        vocabulary.heard(command);
        vocabulary.heard(effects);
        lines.addAll(EffectLines.of(effects, naming));
    }

    private void advance(long millis) {
        long end = monotonicMillis + millis;
        while (table.nextDeadlineMillis() <= end) {
            monotonicMillis = Math.max(monotonicMillis, table.nextDeadlineMillis());
            apply(new Command.Tick());
        }
        monotonicMillis = end;
    }

    private void changeLeader(long clockReadsMoreMillis, Map<String, String> changes) {
        monotonicMillis += clockReadsMoreMillis;
        utcOffsetMillis -= clockReadsMoreMillis;
        limits = changed(limits, changes);
        apply(new Command.LeaderChanged(limits));
    }

    private void restore() {
        Snapshot snapshot = table.snapshot();
        table = snapshot.toTable();
        if (!table.snapshot().equals(snapshot)) {
            throw new AssertionError("the restored table differs: " + table.snapshot() + " from " + snapshot);
        }
    }

    private void queue(ScriptLine line) {
        String name = line.word();
        QueueView view = table.queue(line.channel(), name, (int) line.number("first", QUEUE_SHOWN_MAX));
        lines.addAll(view == null ? List.of("no lock " + name) : EffectLines.of(view, naming));
    }

    private void begin(Map<String, String> changes) {
        if (table.lastIndex() > 0) {
            throw new IllegalArgumentException("too late for limits");
        }
        limits = changed(limits, changes);
        table = new LockTable(limits);
    }

    private static Limits changed(Limits limits, Map<String, String> changes) {
        RecordComponent[] components = Limits.class.getRecordComponents();
        Object[] values = new Object[components.length];
        Class<?>[] types = new Class<?>[components.length];
        Map<String, String> rest = new LinkedHashMap<>(changes);
        try {
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                String change = rest.remove(components[i].getName());
                values[i] = change == null
                        ? components[i].getAccessor().invoke(limits)
                        : types[i] == int.class ? (Object) Integer.valueOf(change) : Long.valueOf(change);
            }
            if (!rest.isEmpty()) {
                throw new IllegalArgumentException("no such limits: " + rest);
            }
            return Limits.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
