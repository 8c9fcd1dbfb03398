// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.rtmlocks.lock.Caller;
import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.ChannelType;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Effect;
import io.rtmlocks.lock.Limits;
import io.rtmlocks.lock.LockTable;
import io.rtmlocks.lock.Moment;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The lock machine alone: a pair of acquire and release on a lock that is there, and one that hands a lock on. */
@State(Scope.Thread)
public class LockTableBenchmark {
    private static final ChannelKey CHANNEL = new ChannelKey(ChannelType.MESSAGE, "room-17");
    private static final long PAIRS_PER_MILLI = 100;

    private final LockTable table = new LockTable(Limits.STANDARD);
    private long index;
    private long request;
    private int holder;

    public LockTableBenchmark() {
        for (int session = 0; session < 2; session++) {
            apply(new Command.SessionOnline("s" + session, 1, "u" + session, "gateway"));
        }
        apply(acquire(0, "handed"));
    }

    @Benchmark
    public List<Effect> pair() {
        apply(acquire(0, "own"));
        return apply(release(0, "own"));
    }

    /** One waits, the other releases. */
    @Benchmark
    public List<Effect> handOff() {
        apply(acquire(1 - holder, "handed"));
        List<Effect> effects = apply(release(holder, "handed"));
        holder = 1 - holder;
        return effects;
    }

    private Command acquire(int session, String lock) {
        return new Command.AcquireLock(caller(session), CHANNEL, lock, true, 0, false, true, 0);
    }

    private Command release(int session, String lock) {
        return new Command.ReleaseLock(caller(session), CHANNEL, lock, 0);
    }

    private Caller caller(int session) {
        return new Caller("s" + session, 1, ++request);
    }

    private List<Effect> apply(Command command) {
        long millis = ++index / PAIRS_PER_MILLI;
        return table.apply(index, new Moment(1_700_000_000_000L + millis, millis), command);
    }
}
