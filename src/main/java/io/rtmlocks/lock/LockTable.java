// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All locks, queues, storage and sessions of one shard: a state machine without clock, chance or I/O.
 *
 * <p>The same commands at the same moments in the same order give the same table and the same effects, on every node.
 * What happens to a single lock is in the transition table of {@link Lock}, what happens to a session in that of
 * {@link Sessions}.
 */
public final class LockTable {

    final Map<ChannelKey, Channel> channels = new LinkedHashMap<>();
    final Deadlines deadlines = new Deadlines();
    final Rules rules;
    final Sessions sessions;

    /** In force: those of the node that leads, as its {@link Command.LeaderChanged} told them. */
    Limits limits;

    long lastIndex;

    /** The monotonic time of the last command, on the clock of the leader that proposed it. */
    long lastMillis;

    /** @param limits in force until a leader tells its own */
    public LockTable(Limits limits) {
        this(limits, new Rules());
    }

    LockTable(Limits limits, Rules rules) {
        this.limits = limits;
        this.rules = rules;
        this.sessions = new Sessions(rules);
    }

    /**
     * Applies one command.
     *
     * @param index the command's place in the shard's log; grows from call to call
     * @param moment when, on the clock of the leader that proposed it
     * @return what is to be done because of it, in order
     * @throws IllegalArgumentException when the index does not grow
     */
    public List<Effect> apply(long index, Moment moment, Command command) {
        if (index <= lastIndex) {
            throw new IllegalArgumentException("index " + index + " comes after " + lastIndex);
        }
        lastIndex = index;
        Turn turn = new Turn(moment, limits, rules, deadlines);
        command.accept(new Application(this, turn));
        lastMillis = moment.monotonicMillis();
        return turn.effects;
    }

    /** @return when the next {@link Command.Tick} is wanted, {@code Long.MAX_VALUE} for never */
    public long nextDeadlineMillis() {
        return deadlines.nextMillis();
    }

    /** @return all of it as a value, from which an equal table can be made */
    public Snapshot snapshot() {
        return Snapshot.of(this);
    }

    /** @return how much it keeps; looks at every lock */
    public TableCounts counts() {
        int locks = 0;
        int held = 0;
        int waiters = 0;
        for (Channel channel : channels.values()) {
            for (Lock lock : channel.locks.values()) {
                locks++;
                held += lock.owner == null ? 0 : 1;
                waiters += lock.queue.size();
            }
        }
        return new TableCounts(channels.size(), locks, held, waiters);
    }

    /** @return the index of the last command applied */
    public long lastIndex() {
        return lastIndex;
    }

    /** @return for each session that is online at a gateway of which this is true, that it is not */
    public List<Command> offlineAt(Predicate<String> gateway) {
        List<Command> offline = new ArrayList<>();
        for (Session session : sessions.all()) {
            if (session.online && gateway.test(session.gateway)) {
                offline.add(new Command.SessionOffline(session.id, session.epoch));
            }
        }
        return offline;
    }

    /** @return where the session was last, an empty string when it is not known */
    public String gatewayOf(String sessionId) {
        Session session = sessions.known(sessionId);
        return session == null ? "" : session.gateway;
    }

    /** @return the queue of a lock as it is now, with places for those who asked; null when there is no such lock */
    public @Nullable QueueView queue(ChannelKey channelKey, String lockName, int shownMax) {
        Channel channel = channels.get(channelKey);
        Lock lock = channel == null ? null : channel.locks.get(lockName);
        return lock == null ? null : QueueView.of(lock, shownMax);
    }

    /** @return the names of the channel's locks for which somebody waits */
    public List<String> contended(ChannelKey channelKey) {
        Channel channel = channels.get(channelKey);
        return channel == null
                ? List.of()
                : channel.locks.values().stream()
                        .filter(lock -> !lock.queue.isEmpty())
                        .map(Lock::name)
                        .toList();
    }
}
