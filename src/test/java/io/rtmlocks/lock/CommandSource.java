// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Random commands, most of them sensible, in the order and at the moments of a world in which sessions come and go, send
 * requests again, use ids twice and speak with the voice of former connections.
 *
 * <p>It learns tokens and revisions from the effects, as clients do.
 */
final class CommandSource {

    private static final long START_UTC_MILLIS = 1_800_000_000_000L;
    private static final int REMEMBERED_REQUESTS_MAX = 30;
    private static final int PERCENT = 100;
    private static final int LEADER_CHANGES_ONE_IN = 150;

    private record Asked(String session, long id, Function<Caller, Command.Request> how) {}

    private record Grant(String session, Answer.Granted answer) {}

    private final World world;
    private final SplittableRandom random;
    private final Map<String, Long> epochs = new LinkedHashMap<>();
    private final Map<String, Long> lastIds = new HashMap<>();
    private final Map<String, Boolean> online = new HashMap<>();
    private final List<Asked> asked = new ArrayList<>();
    private final List<Grant> grants = new ArrayList<>();
    private long monotonicMillis = 1_000;
    private long utcOffsetMillis = START_UTC_MILLIS;
    private long lastRevision;
    private boolean timePassed;

    CommandSource(World world) {
        this.world = world;
        this.random = new SplittableRandom(world.seed());
    }

    Step next() {
        if (random.nextInt(LEADER_CHANGES_ONE_IN) == 0) {
            return changeLeader();
        }
        passTime();
        Command command = timePassed && chance(50) ? new Command.Tick() : command(any(world.sessions()));
        return new Step(new Moment(utcOffsetMillis + monotonicMillis, monotonicMillis), command);
    }

    /** Takes note of what came of the last command. */
    void saw(List<Effect> effects) {
        for (Effect effect : effects) {
            if (effect instanceof Effect.Replied reply && reply.reply().answer() instanceof Answer.Granted granted) {
                grants.add(new Grant(reply.sessionId(), granted));
            } else if (effect instanceof Effect.StoragePublished storage) {
                lastRevision = storage.event().majorRevision();
            }
        }
    }

    private boolean chance(int percent) {
        return random.nextInt(PERCENT) < percent;
    }

    private <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** Another machine's clock: it may read less, or much more. */
    private Step changeLeader() {
        long reads = random.nextLong(-10_000_000, 1_000_000_000);
        utcOffsetMillis += monotonicMillis - reads;
        monotonicMillis = reads;
        return new Step(
                new Moment(utcOffsetMillis + reads, reads), new Command.LeaderChanged(world.limitsOfLeader(reads)));
    }

    private void passTime() {
        int dice = random.nextInt(PERCENT);
        long millis = 0;
        if (dice < 20) {
            millis = random.nextLong(1, 50);
        } else if (dice < 35) {
            millis = random.nextLong(1, 4) * 1_000;
        } else if (dice < 43) {
            millis = random.nextLong(1, 4) * 5_000;
        } else if (dice < 46) {
            millis = random.nextLong(20, 70) * 1_000;
        } else if (dice < 47) {
            millis = 300_000 + random.nextLong(3) * 500;
        }
        monotonicMillis += millis;
        timePassed = millis > 0;
        if (chance(1)) {
            utcOffsetMillis += random.nextLong(-3_600_000, 3_600_000);
        }
    }

    private Command command(String session) {
        if (!online.getOrDefault(session, false)) {
            return chance(60) ? online(session) : chance(70) ? request(session) : leaving(session);
        }
        int dice = random.nextInt(PERCENT);
        if (dice < 3) {
            return online(session);
        }
        return dice < 9 ? leaving(session) : dice < 12 ? new Command.Tick() : request(session);
    }

    private long epoch(String session) {
        return epochs.getOrDefault(session, 0L);
    }

    private Command online(String session) {
        long epoch = epoch(session) + (chance(80) ? 1 : chance(70) ? 0 : -1);
        epochs.merge(session, epoch, Math::max);
        online.put(session, true);
        return new Command.SessionOnline(session, epoch, world.userOf(session), chance(50) ? "g1" : "g2");
    }

    private Command leaving(String session) {
        long epoch = epoch(session) + (chance(90) ? 0 : chance(70) ? -1 : 1);
        epochs.merge(session, epoch, Math::max);
        online.put(session, false);
        return chance(75) ? new Command.SessionOffline(session, epoch) : new Command.SessionGone(session, epoch);
    }

    private Command request(String session) {
        Asked request = chance(6) ? again(session) : null;
        request = request == null ? fresh(session) : request;
        long epoch = epoch(session) + (chance(97) ? 0 : chance(70) ? -1 : 1);
        return request.how.apply(new Caller(session, epoch, request.id));
    }

    private @Nullable Asked again(String session) {
        List<Asked> own =
                asked.stream().filter(each -> each.session.equals(session)).toList();
        return own.isEmpty() ? null : any(own);
    }

    private Asked fresh(String session) {
        Asked used = chance(2) ? again(session) : null;
        long id = used == null ? lastIds.merge(session, 1L, Long::sum) : used.id;
        Asked fresh = new Asked(session, id, content(session));
        asked.add(fresh);
        if (asked.size() > REMEMBERED_REQUESTS_MAX) {
            asked.remove(0);
        }
        return fresh;
    }

    private Function<Caller, Command.Request> content(String session) {
        ChannelKey channel = any(world.channels());
        String lock = any(world.locks());
        int dice = random.nextInt(PERCENT);
        if (dice < 34) {
            return acquire(channel, lock);
        }
        if (dice < 50) {
            return release(session, channel, lock);
        }
        if (dice < 56) {
            long ttl = ttl();
            boolean keep = chance(50);
            return caller -> new Command.SetLock(caller, channel, lock, ttl, keep);
        }
        return dice < 75 ? rare(dice, channel, lock) : write(dice, session, channel, lock);
    }

    private Function<Caller, Command.Request> rare(int dice, ChannelKey channel, String lock) {
        boolean flag = chance(50);
        boolean other = chance(50);
        if (dice < 60) {
            return caller -> new Command.RemoveLock(caller, channel, lock);
        }
        if (dice < 65) {
            String owner = chance(50) ? null : world.userOf(any(world.sessions()));
            return caller -> new Command.RevokeLock(caller, channel, lock, owner);
        }
        if (dice < 68) {
            return caller -> new Command.CancelAcquire(caller, channel, lock);
        }
        if (dice < 70) {
            return caller -> new Command.GetLock(caller, channel, flag);
        }
        return dice < 73
                ? caller -> new Command.Subscribe(caller, channel, true, flag, other)
                : caller -> new Command.Unsubscribe(caller, channel);
    }

    private long ttl() {
        return chance(30) ? 0 : random.nextLong(1, 60);
    }

    private Function<Caller, Command.Request> acquire(ChannelKey channel, String lock) {
        boolean retry = chance(80);
        long timeout = chance(50) ? 0 : random.nextLong(1, 30) * 1_000;
        boolean withPosition = chance(40);
        boolean create = chance(70);
        long ttl = ttl();
        return caller -> new Command.AcquireLock(caller, channel, lock, retry, timeout, withPosition, create, ttl);
    }

    private @Nullable Grant grantTo(String session) {
        for (int i = grants.size() - 1; i >= 0; i--) {
            if (grants.get(i).session.equals(session) && chance(70)) {
                return grants.get(i);
            }
        }
        return null;
    }

    private Function<Caller, Command.Request> release(String session, ChannelKey channel, String lock) {
        Grant grant = grantTo(session);
        if (grant == null) {
            return caller -> new Command.ReleaseLock(caller, channel, lock, 0);
        }
        Answer.Granted granted = grant.answer;
        long token = chance(50) ? 0 : granted.fencingToken();
        return caller -> new Command.ReleaseLock(caller, granted.channel(), granted.lockName(), token);
    }

    private Function<Caller, Command.Request> write(int dice, String session, ChannelKey channel, String lock) {
        if (dice < 78) {
            return caller -> new Command.GetMetadata(caller, channel);
        }
        Grant grant = chance(50) ? grantTo(session) : null;
        ChannelKey where = grant == null ? channel : grant.answer.channel();
        String guard = grant != null ? grant.answer.lockName() : chance(30) ? lock : "";
        long token = grant != null && chance(50) ? grant.answer.fencingToken() : 0;
        Operation operation =
                any(List.of(Operation.SET_METADATA, Operation.UPDATE_METADATA, Operation.REMOVE_METADATA));
        boolean isAll = operation == Operation.REMOVE_METADATA && chance(20);
        List<Metadata.Change> changes = isAll ? null : changes();
        long major = chance(70) ? Metadata.ANY_REVISION : revision();
        return caller -> new Command.WriteMetadata(caller, where, operation, changes, major, guard, token);
    }

    private long revision() {
        return chance(30) ? 0 : Math.max(0, lastRevision - random.nextLong(2));
    }

    private List<Metadata.Change> changes() {
        List<Metadata.Change> changes = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            String key = chance(2) ? "ß" : any(List.of("a", "b", "key"));
            String value = "ü".repeat(random.nextInt(8));
            changes.add(new Metadata.Change(key, value, chance(70) ? Metadata.ANY_REVISION : revision()));
        }
        return changes;
    }
}
