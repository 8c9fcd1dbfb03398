// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PROTOCOL.md §2 to §6 once more, as plainly as possible: a few flat lists, searched from end to end for every question.
 *
 * <p>It says what a {@link LockTable} has to answer, except for the sentences in refusals, which are empty here.
 * Storage is in {@link OracleStorage}.
 */
final class Oracle implements Command.Visitor {

    private static final long SECOND = 1_000;

    static final class Person {
        String id = "";
        String user = "";
        String gateway = "";
        long epoch;
        boolean here;
        final List<Effect> unheard = new ArrayList<>();
        List<Effect.Loss> toldLosses = new ArrayList<>();

        void heard(Effect.Loss loss) {
            toldLosses.add(loss);
            int from = Math.max(0, toldLosses.size() - 20);
            toldLosses = new ArrayList<>(toldLosses.subList(from, toldLosses.size()));
        }
    }

    static final class Thing {
        ChannelKey channel;
        String name;
        int ttl;

        @Nullable
        Person owner;

        long token;
        long sinceUtc;
        long grantNumber;
        boolean left;

        Thing(ChannelKey channel, String name, int ttl) {
            this.channel = channel;
            this.name = name;
            this.ttl = ttl;
        }
    }

    record Waiting(Person who, Thing what, long id, long sinceUtc, long since, boolean tellPlace) {}

    /** What will happen at {@code due} unless it is taken back; {@code about} is a Thing, a Waiting's key or a Person. */
    record Alarm(long due, long number, String what, Object about) {}

    record Place(Person who, long id) {}

    record Said(Person who, long id, Operation operation, ChannelKey channel, String lock, long at, Reply reply) {}

    record Number(ChannelKey channel, String what, long value) {}

    final List<Person> people = new ArrayList<>();
    final List<Thing> things = new ArrayList<>();
    final List<Waiting> waitings = new ArrayList<>();
    final List<Alarm> alarms = new ArrayList<>();
    final List<Said> answers = new ArrayList<>();
    final List<Number> numbers = new ArrayList<>();
    final List<ChannelKey> channels = new ArrayList<>();
    Limits limits;
    private final OracleStorage storage;

    private List<Effect> effects = new ArrayList<>();
    private Moment before = new Moment(0, 0);
    private Moment now = new Moment(0, 0);
    private long alarmNumber;
    private long grantNumber;

    Oracle(Limits limits) {
        this.limits = limits;
        this.storage = new OracleStorage(limits);
    }

    List<Effect> apply(Moment moment, Command command) {
        effects = new ArrayList<>();
        before = now;
        now = moment;
        command.accept(this);
        return effects;
    }

    long nextAlarm() {
        return alarms.stream().mapToLong(Alarm::due).min().orElse(Long.MAX_VALUE);
    }

    // What is known

    private @Nullable Person person(String id) {
        return people.stream().filter(each -> each.id.equals(id)).findFirst().orElse(null);
    }

    private @Nullable Thing thing(ChannelKey channel, String name) {
        return things.stream()
                .filter(each -> each.channel.equals(channel) && each.name.equals(name))
                .findFirst()
                .orElse(null);
    }

    private List<Thing> heldBy(Person who) {
        return things.stream()
                .filter(each -> each.owner == who)
                .sorted(Comparator.comparingLong(each -> each.grantNumber))
                .toList();
    }

    private List<Thing> thingsIn(ChannelKey channel) {
        return things.stream().filter(each -> each.channel.equals(channel)).toList();
    }

    private List<Waiting> waitingsOf(Person who) {
        return waitings.stream().filter(each -> each.who == who).toList();
    }

    private List<Waiting> queue(Thing what) {
        return waitings.stream().filter(each -> each.what == what).toList();
    }

    private @Nullable Waiting waiting(Person who, long id) {
        return waitings.stream()
                .filter(each -> each.who == who && each.id == id)
                .findFirst()
                .orElse(null);
    }

    private @Nullable Waiting waiting(Person who, Thing what) {
        return waitings.stream()
                .filter(each -> each.who == who && each.what == what)
                .findFirst()
                .orElse(null);
    }

    private long number(ChannelKey channel, String what) {
        return numbers.stream()
                .filter(each -> each.channel.equals(channel) && each.what.equals(what))
                .mapToLong(Number::value)
                .max()
                .orElse(0);
    }

    private long raise(ChannelKey channel, String what, long atLeast) {
        long next = Math.max(number(channel, what) + 1, atLeast);
        numbers.removeIf(each -> each.channel.equals(channel) && each.what.equals(what));
        numbers.add(new Number(channel, what, next));
        return next;
    }

    private void setAlarm(long millis, String what, Object about) {
        alarms.add(new Alarm(now.monotonicMillis() + millis, ++alarmNumber, what, about));
    }

    private boolean hasAlarm(String what, Object about) {
        return alarms.stream().anyMatch(each -> each.what.equals(what) && each.about.equals(about));
    }

    private void stopAlarm(String what, Object about) {
        alarms.removeIf(each -> each.what.equals(what) && each.about.equals(about));
    }

    // What is said

    private void tell(Person who, Effect effect) {
        if (who.here) {
            effects.add(effect);
        } else {
            who.unheard.add(effect);
        }
    }

    private void reply(Person who, long id, Reply reply) {
        tell(who, new Effect.Replied(who.gateway, who.id, id, reply));
    }

    private void answer(Person who, Command.Request request, Answer answer) {
        Reply reply = new Reply(now.utcMillis(), answer);
        if (isRemembered(request.operation())) {
            remember(who, request.caller().requestId(), request.operation(), request.lockName(), reply);
        }
        reply(who, request.caller().requestId(), reply);
    }

    private static boolean isRemembered(Operation operation) {
        return switch (operation) {
            case SUBSCRIBE, UNSUBSCRIBE, GET_LOCK, GET_METADATA -> false;
            default -> true;
        };
    }

    private void answer(Waiting waiting, Answer answer) {
        Reply reply = new Reply(now.utcMillis(), answer);
        remember(waiting.who, waiting.id, Operation.ACQUIRE_LOCK, waiting.what.name, reply);
        reply(waiting.who, waiting.id, reply);
    }

    /** The oldest go when a new one comes and they are too old, or too many. */
    private void remember(Person who, long id, Operation operation, String lock, Reply reply) {
        answers.add(new Said(who, id, operation, reply.answer().channel(), lock, now.monotonicMillis(), reply));
        while (saidTo(who).size() > 1 && mayForget(who, saidTo(who).get(0))) {
            answers.remove(saidTo(who).get(0));
        }
    }

    private List<Said> saidTo(Person who) {
        return answers.stream().filter(each -> each.who == who).toList();
    }

    private boolean mayForget(Person who, Said oldest) {
        int weight = saidTo(who).stream().mapToInt(Oracle::weight).sum();
        return weight > limits.answersPerSessionMax() || now.monotonicMillis() - oldest.at > limits.answerKeptMillis();
    }

    private static int weight(Said said) {
        return said.reply.answer() instanceof Answer.Written written
                ? 1 + written.written().size()
                : 1;
    }

    private void refuse(
            Person who,
            Command.Request request,
            Rejection.Kind kind,
            Rejection.@Nullable Cause cause,
            Rejection.@Nullable Holder holder) {
        answer(who, request, rejected(request.operation(), request.channel(), request.lockName(), kind, cause, holder));
    }

    private static Answer rejected(
            Operation operation,
            ChannelKey channel,
            String lock,
            Rejection.Kind kind,
            Rejection.@Nullable Cause cause,
            Rejection.@Nullable Holder holder) {
        Rejection.Detail detail = cause == null && holder == null ? null : new Rejection.Detail(cause, holder, null);
        return new Answer.Rejected(operation, channel, lock, new Rejection(kind, "", detail));
    }

    private Rejection.Holder holder(Thing what) {
        int waiters = queue(what).size();
        return what.owner == null
                ? new Rejection.Holder("", 0, waiters)
                : new Rejection.Holder(what.owner.user, what.sinceUtc, waiters);
    }

    private void publish(
            LockEvent.Type type,
            Thing what,
            long token,
            String publisher,
            @Nullable String previous,
            LockEvent.@Nullable Cause cause) {
        effects.add(new Effect.Published(new LockEvent(
                type,
                what.channel,
                what.name,
                what.owner == null ? "" : what.owner.user,
                what.ttl,
                token,
                publisher,
                previous,
                cause,
                raise(what.channel, "seq", 0),
                now.utcMillis())));
    }

    private void queueChanged(Thing what) {
        effects.add(new Effect.QueueChanged(what.channel, what.name));
    }

    // What happens to locks

    private void grant(Thing what, Person who) {
        what.owner = who;
        what.token = raise(what.channel, "token", now.utcMillis() * 1024);
        what.sinceUtc = now.utcMillis();
        what.grantNumber = ++grantNumber;
        what.left = false;
    }

    private static Answer granted(Thing what, Person who, long waited) {
        return new Answer.Granted(what.channel, what.name, who.user, what.ttl, what.token, Math.max(0, waited));
    }

    private void free(Thing what) {
        what.owner = null;
        stopAlarm("expire", what);
    }

    private void end(Thing what, LockEvent.Type type, LockEvent.Cause cause, String publisher) {
        String previous = what.owner.user;
        free(what);
        publish(type, what, what.token, publisher, previous, cause);
        giveToNext(what, previous, cause);
    }

    private void lost(Thing what, LockEvent.Cause cause) {
        Effect.Loss loss = new Effect.Loss(what.channel, what.name, what.token, cause, now.utcMillis());
        tell(what.owner, new Effect.LockLost(what.owner.gateway, what.owner.id, loss));
        if (what.owner.here) {
            what.owner.heard(loss);
        }
    }

    private void giveToNext(Thing what, @Nullable String previous, LockEvent.@Nullable Cause cause) {
        for (Waiting each : queue(what)) {
            if (what.owner == null && each.who.here) {
                forget(each);
                grant(what, each.who);
                answer(each, granted(what, each.who, now.monotonicMillis() - each.since));
                publish(LockEvent.Type.ACQUIRED, what, what.token, each.who.user, previous, cause);
                queueChanged(what);
            }
        }
    }

    private void forget(Waiting waiting) {
        waitings.remove(waiting);
        stopAlarm("timeout", new Place(waiting.who, waiting.id));
        stopAlarm("lapse", new Place(waiting.who, waiting.id));
    }

    private void giveUp(Waiting waiting, Rejection.Cause cause) {
        forget(waiting);
        Thing what = waiting.what;
        answer(
                waiting,
                rejected(
                        Operation.ACQUIRE_LOCK,
                        what.channel,
                        what.name,
                        Rejection.Kind.NOT_ACQUIRED,
                        cause,
                        holder(what)));
        queueChanged(what);
    }

    /** The ttl runs while the owner is away, or out of the channel; it starts anew each time. */
    private void watchOwner(Thing what) {
        boolean away = what.owner != null && (!what.owner.here || what.left);
        if (!away) {
            stopAlarm("expire", what);
        } else if (!hasAlarm("expire", what)) {
            setAlarm(what.ttl * SECOND, "expire", what);
        }
    }

    // Requests

    private interface Action {
        void by(Person who);
    }

    private void request(Command.Request request, Action action) {
        Person who = person(request.caller().sessionId());
        if (who == null || !who.here || who.epoch != request.caller().epoch()) {
            effects.add(new Effect.NotAdmitted(
                    request.caller(), who == null ? 0 : who.epoch, who == null ? "" : who.gateway));
            return;
        }
        long id = request.caller().requestId();
        Said said = saidTo(who).stream()
                .filter(each -> each.id == id && request.isRemembered())
                .findFirst()
                .orElse(null);
        Waiting pending = waiting(who, id);
        if (said != null && isSame(request, said.operation, said.channel, said.lock)) {
            reply(who, id, said.reply);
        } else if (said != null
                || (pending != null
                        && !isSame(request, Operation.ACQUIRE_LOCK, pending.what.channel, pending.what.name))) {
            reply(who, id, new Reply(now.utcMillis(), reused(request)));
        } else {
            action.by(who);
        }
    }

    private static boolean isSame(Command.Request request, Operation operation, ChannelKey channel, String lock) {
        return request.operation() == operation
                && request.channel().equals(channel)
                && request.lockName().equals(lock);
    }

    private static Answer reused(Command.Request request) {
        return rejected(
                request.operation(), request.channel(), request.lockName(), Rejection.Kind.ID_REUSED, null, null);
    }

    /** A new lock, or null when the request was refused. */
    private @Nullable Thing set(Person who, Command.Request request, long ttl) {
        boolean isNewChannel = !channels.contains(request.channel());
        if (isNewChannel && channels.size() >= limits.channelsMax()) {
            refuse(who, request, Rejection.Kind.FAILED, Rejection.Cause.TOO_MANY_CHANNELS, null);
            return null;
        }
        if (thingsIn(request.channel()).size() >= limits.locksPerChannelMax()) {
            refuse(who, request, Rejection.Kind.FAILED, Rejection.Cause.TOO_MANY_LOCKS, null);
            return null;
        }
        if (isNewChannel) {
            channels.add(request.channel());
        }
        long wanted = ttl == 0 ? limits.ttlDefaultSeconds() : ttl;
        int clamped = (int) Math.min(Math.max(wanted, limits.ttlMinSeconds()), limits.ttlMaxSeconds());
        Thing what = new Thing(request.channel(), request.lockName(), clamped);
        things.add(what);
        return what;
    }

    @Override
    public void setLock(Command.SetLock command) {
        request(command, who -> {
            Thing what = thing(command.channel(), command.lockName());
            if (what != null && !command.keepExisting()) {
                refuse(who, command, Rejection.Kind.LOCK_EXISTS, null, null);
                return;
            }
            boolean isNew = what == null;
            what = isNew ? set(who, command, command.ttlSeconds()) : what;
            if (what != null) {
                answer(who, command, new Answer.LockSet(what.channel, what.name, what.ttl));
            }
            if (what != null && isNew) {
                publish(LockEvent.Type.SET, what, 0, who.user, null, null);
            }
        });
    }

    @Override
    public void acquireLock(Command.AcquireLock command) {
        request(command, who -> {
            Thing what = thing(command.channel(), command.lockName());
            Waiting mine = what == null ? null : waiting(who, what);
            if (mine != null && mine.id == command.caller().requestId()) {
                attachAgain(mine, command);
            } else if (mine != null) {
                refuse(who, command, Rejection.Kind.ALREADY_WAITING, null, null);
            } else if (what == null && !command.create()) {
                refuse(who, command, Rejection.Kind.NO_SUCH_LOCK, null, null);
            } else if ((what == null || what.owner != who) && locksOf(who.user) >= limits.locksPerUserMax()) {
                refuse(who, command, Rejection.Kind.FAILED, Rejection.Cause.TOO_MANY_HELD, null);
            } else if (what == null) {
                Thing created = set(who, command, command.ttlSeconds());
                if (created != null) {
                    publish(LockEvent.Type.SET, created, 0, who.user, null, null);
                    acquire(who, created, command);
                }
            } else {
                acquire(who, what, command);
            }
        });
    }

    private void acquire(Person who, Thing what, Command.AcquireLock command) {
        boolean isFree = what.owner == null && queue(what).stream().noneMatch(each -> each.who.here);
        if (what.owner == who) {
            answer(who, command, granted(what, who, 0));
        } else if (isFree) {
            grant(what, who);
            answer(who, command, granted(what, who, 0));
            publish(LockEvent.Type.ACQUIRED, what, what.token, who.user, null, null);
        } else if (!command.retry()) {
            refuse(who, command, Rejection.Kind.NOT_ACQUIRED, Rejection.Cause.BUSY, holder(what));
        } else if (queue(what).size() >= limits.waitersPerLockMax()) {
            refuse(who, command, Rejection.Kind.NOT_ACQUIRED, Rejection.Cause.QUEUE_FULL, holder(what));
        } else if (waitsOf(who.user) >= limits.waitersPerUserMax()) {
            refuse(who, command, Rejection.Kind.NOT_ACQUIRED, Rejection.Cause.TOO_MANY_WAITS, holder(what));
        } else {
            long id = command.caller().requestId();
            waitings.add(new Waiting(who, what, id, now.utcMillis(), now.monotonicMillis(), command.withPosition()));
            if (command.timeoutMillis() > 0) {
                setAlarm(command.timeoutMillis(), "timeout", new Place(who, id));
            }
            tellPlace(waitings.get(waitings.size() - 1));
        }
    }

    private long locksOf(String user) {
        return things.stream()
                .filter(each -> each.owner != null && each.owner.user.equals(user))
                .count();
    }

    private long waitsOf(String user) {
        return waitings.stream().filter(each -> each.who.user.equals(user)).count();
    }

    private void attachAgain(Waiting mine, Command.AcquireLock command) {
        Waiting again = new Waiting(
                mine.who, mine.what, mine.id, mine.sinceUtc, mine.since, mine.tellPlace || command.withPosition());
        waitings.set(waitings.indexOf(mine), again);
        tellPlace(again);
    }

    private void tellPlace(Waiting mine) {
        if (mine.tellPlace) {
            effects.add(new Effect.Placed(place(mine)));
        }
        queueChanged(mine.what);
    }

    private QueueView.Place place(Waiting mine) {
        List<Waiting> queue = queue(mine.what);
        return new QueueView.Place(
                mine.who.gateway,
                mine.who.id,
                mine.who.epoch,
                mine.id,
                mine.what.channel,
                mine.what.name,
                queue.indexOf(mine) + 1,
                queue.size());
    }

    private interface LockAction {
        void by(Person who, Thing what);
    }

    private void requestFor(Command.Request request, LockAction action) {
        request(request, who -> {
            Thing what = thing(request.channel(), request.lockName());
            if (what == null) {
                refuse(who, request, Rejection.Kind.NO_SUCH_LOCK, null, null);
            } else {
                action.by(who, what);
            }
        });
    }

    @Override
    public void cancelAcquire(Command.CancelAcquire command) {
        requestFor(command, (who, what) -> {
            Waiting mine = waiting(who, what);
            if (mine != null) {
                giveUp(mine, Rejection.Cause.CANCELLED);
            }
            answer(who, command, new Answer.Cancelled(what.channel, what.name, mine != null));
        });
    }

    @Override
    public void releaseLock(Command.ReleaseLock command) {
        requestFor(command, (who, what) -> {
            boolean isToken = command.fencingToken() == 0 || command.fencingToken() == what.token;
            if (what.owner == who && isToken) {
                answer(who, command, new Answer.Released(what.channel, what.name));
                end(what, LockEvent.Type.RELEASED, LockEvent.Cause.RELEASED, who.user);
            } else {
                refuse(who, command, Rejection.Kind.NOT_OWNER, null, holder(what));
            }
        });
    }

    @Override
    public void revokeLock(Command.RevokeLock command) {
        requestFor(command, (who, what) -> {
            if (what.owner == null
                    || (command.owner() != null && !command.owner().equals(what.owner.user))) {
                refuse(who, command, Rejection.Kind.NOT_OWNER, null, holder(what));
            } else {
                lost(what, LockEvent.Cause.REVOKED);
                answer(who, command, new Answer.Revoked(what.channel, what.name, what.owner.user));
                end(what, LockEvent.Type.RELEASED, LockEvent.Cause.REVOKED, who.user);
            }
        });
    }

    @Override
    public void removeLock(Command.RemoveLock command) {
        requestFor(command, (who, what) -> {
            Person owner = what.owner;
            List<Waiting> queue = queue(what);
            if (owner != null) {
                lost(what, LockEvent.Cause.REMOVED);
            }
            free(what);
            answer(who, command, new Answer.Removed(what.channel, what.name));
            for (Waiting each : queue) {
                forget(each);
                answer(
                        each,
                        rejected(
                                Operation.ACQUIRE_LOCK,
                                what.channel,
                                what.name,
                                Rejection.Kind.NO_SUCH_LOCK,
                                Rejection.Cause.REMOVED,
                                null));
            }
            things.remove(what);
            publish(
                    LockEvent.Type.REMOVED,
                    what,
                    owner == null ? 0 : what.token,
                    who.user,
                    owner == null ? "" : owner.user,
                    owner == null ? null : LockEvent.Cause.REMOVED);
            if (!queue.isEmpty()) {
                queueChanged(what);
            }
        });
    }

    private List<LockView> views(ChannelKey channel, boolean withQueue) {
        List<LockView> views = new ArrayList<>();
        for (Thing what : thingsIn(channel)) {
            List<LockView.WaiterView> queue = withQueue ? shown(what, 100) : null;
            int waiters = queue(what).size();
            views.add(
                    what.owner == null
                            ? new LockView(what.name, "", what.ttl, 0, 0, false, waiters, queue)
                            : new LockView(
                                    what.name,
                                    what.owner.user,
                                    what.ttl,
                                    what.token,
                                    what.sinceUtc,
                                    what.owner.here && !what.left,
                                    waiters,
                                    queue));
        }
        return views;
    }

    private List<LockView.WaiterView> shown(Thing what, int most) {
        return queue(what).stream()
                .limit(most)
                .map(each -> new LockView.WaiterView(each.who.user, each.sinceUtc, each.who.here))
                .toList();
    }

    @Nullable
    QueueView queue(ChannelKey channel, String name, int most) {
        Thing what = thing(channel, name);
        if (what == null) {
            return null;
        }
        List<QueueView.Place> places = queue(what).stream()
                .filter(each -> each.tellPlace && each.who.here)
                .map(this::place)
                .toList();
        return new QueueView(channel, name, queue(what).size(), shown(what, most), places);
    }

    List<String> contended(ChannelKey channel) {
        return thingsIn(channel).stream()
                .filter(what -> !queue(what).isEmpty())
                .map(what -> what.name)
                .toList();
    }

    @Override
    public void getLock(Command.GetLock command) {
        request(command, who -> {
            ChannelKey channel = command.channel();
            answer(
                    who,
                    command,
                    new Answer.Locks(channel, number(channel, "seq"), views(channel, command.withQueue())));
        });
    }

    @Override
    public void writeMetadata(Command.WriteMetadata command) {
        request(command, who -> {
            Thing guard = thing(command.channel(), command.guard());
            boolean isGuarded = !command.guard().isEmpty();
            boolean mayWrite = !isGuarded
                    || (guard != null
                            && guard.owner == who
                            && (command.fencingToken() == 0 || command.fencingToken() == guard.token));
            boolean isNewChannel = !channels.contains(command.channel());
            boolean hasRoom = !isNewChannel || channels.size() < limits.channelsMax();
            Answer answer = storage.write(command, mayWrite, hasRoom, who.user, now.utcMillis());
            answer(who, command, answer);
            if (storage.wasChanged() && isNewChannel) {
                channels.add(command.channel());
            }
            if (storage.wasChanged()) {
                effects.add(new Effect.StoragePublished(
                        storage.event(command.channel(), false, who.user, now.utcMillis())));
            }
        });
    }

    @Override
    public void getMetadata(Command.GetMetadata command) {
        request(command, who -> answer(who, command, storage.read(command.channel())));
    }

    // Coming and going

    @Override
    public void subscribe(Command.Subscribe command) {
        request(command, who -> {
            ChannelKey channel = command.channel();
            for (Thing what : thingsIn(channel)) {
                if (what.owner == who) {
                    what.left = false;
                    watchOwner(what);
                }
            }
            long seq = number(channel, "seq");
            answer(who, command, new Answer.Subscribed(channel, seq));
            effects.add(new Effect.Snapshotted(
                    who.gateway,
                    who.id,
                    channel,
                    command.caller().requestId(),
                    command.withLock(),
                    command.withStorage(),
                    command.withQueue(),
                    seq,
                    views(channel, false),
                    storage.event(channel, true, "", now.utcMillis()),
                    now.utcMillis()));
        });
    }

    @Override
    public void unsubscribe(Command.Unsubscribe command) {
        request(command, who -> {
            for (Waiting each : waitingsOf(who)) {
                if (each.what.channel.equals(command.channel())) {
                    giveUp(each, Rejection.Cause.UNSUBSCRIBED);
                }
            }
            for (Thing what : heldBy(who)) {
                if (what.channel.equals(command.channel())) {
                    what.left = true;
                    watchOwner(what);
                }
            }
            answer(who, command, new Answer.Unsubscribed(command.channel()));
        });
    }

    @Override
    public void sessionOnline(Command.SessionOnline command) {
        Person who = person(command.sessionId());
        boolean wasKnown = who != null;
        boolean isMoved = who != null && !who.gateway.equals(command.gateway());
        if (who == null) {
            who = new Person();
            who.id = command.sessionId();
            who.user = command.userId();
            people.add(who);
        } else if (who.epoch > command.epoch() || (who.epoch == command.epoch() && (!who.here || isMoved))) {
            effects.add(new Effect.NotAdmitted(
                    new Caller(command.sessionId(), command.epoch(), 0), who.epoch, who.gateway));
            return;
        }
        boolean wasAway = !who.here;
        if (who.here && isMoved) {
            effects.add(new Effect.TakenOver(who.gateway, who.id, who.epoch, command.epoch()));
        }
        who.here = true;
        who.epoch = command.epoch();
        who.gateway = command.gateway();
        stopAlarm("forget", who);
        for (Effect.Loss each : who.toldLosses) {
            effects.add(new Effect.LockLost(who.gateway, who.id, each));
        }
        for (Effect each : who.unheard) {
            if (each instanceof Effect.LockLost lost) {
                effects.add(new Effect.LockLost(who.gateway, who.id, lost.loss()));
                who.heard(lost.loss());
            }
        }
        for (Effect each : who.unheard) {
            if (each instanceof Effect.Replied reply) {
                effects.add(new Effect.Replied(who.gateway, who.id, reply.requestId(), reply.reply()));
            }
        }
        long highestId = saidTo(who).stream().mapToLong(said -> said.id).max().orElse(0);
        effects.add(new Effect.Resumed(who.gateway, who.id, who.epoch, wasKnown, highestId, held(who), waited(who)));
        who.unheard.clear();
        if (wasAway) {
            heldBy(who).forEach(this::watchOwner);
            for (Waiting each : waitingsOf(who)) {
                stopAlarm("lapse", new Place(each.who, each.id));
                queueChanged(each.what);
                giveToNext(each.what, null, null);
            }
        }
    }

    private List<LockView.Held> held(Person who) {
        return heldBy(who).stream()
                .map(what -> new LockView.Held(what.channel, what.name, what.token))
                .toList();
    }

    private List<LockView.Waiting> waited(Person who) {
        return waitingsOf(who).stream()
                .map(each -> new LockView.Waiting(
                        each.what.channel,
                        each.what.name,
                        each.id,
                        queue(each.what).indexOf(each) + 1))
                .toList();
    }

    private void leaves(Person who) {
        if (who.here) {
            who.here = false;
            setAlarm(limits.sessionRememberedMillis(), "forget", who);
        }
    }

    @Override
    public void sessionOffline(Command.SessionOffline command) {
        Person who = person(command.sessionId());
        if (who == null || who.epoch > command.epoch()) {
            return;
        }
        who.epoch = command.epoch();
        if (!who.here) {
            return;
        }
        leaves(who);
        heldBy(who).forEach(this::watchOwner);
        for (Waiting each : waitingsOf(who)) {
            setAlarm(each.what.ttl * SECOND, "lapse", new Place(who, each.id));
            queueChanged(each.what);
        }
    }

    @Override
    public void sessionGone(Command.SessionGone command) {
        Person who = person(command.sessionId());
        if (who == null || who.epoch > command.epoch()) {
            return;
        }
        who.epoch = command.epoch();
        waitingsOf(who).forEach(each -> giveUp(each, Rejection.Cause.LOGOUT));
        leaves(who);
        heldBy(who).forEach(what -> end(what, LockEvent.Type.RELEASED, LockEvent.Cause.LOGOUT, who.user));
        effects.add(new Effect.Departed(who.gateway, who.id, who.epoch));
    }

    @Override
    public void tick(Command.Tick command) {
        for (int i = 0; i < limits.duePerTickMax() && nextAlarm() <= now.monotonicMillis(); i++) {
            alarms.stream()
                    .min(Comparator.comparingLong(Alarm::due).thenComparingLong(Alarm::number))
                    .ifPresent(this::ring);
        }
    }

    private void ring(Alarm alarm) {
        alarms.remove(alarm);
        switch (alarm.what) {
            case "expire" -> {
                Thing what = (Thing) alarm.about;
                lost(what, LockEvent.Cause.OFFLINE);
                end(what, LockEvent.Type.EXPIRED, LockEvent.Cause.OFFLINE, "");
            }
            case "timeout" -> giveUp(waiting(alarm), Rejection.Cause.TIMEOUT);
            case "lapse" -> giveUp(waiting(alarm), Rejection.Cause.OFFLINE);
            default -> forget((Person) alarm.about);
        }
    }

    @Override
    public void leaderChanged(Command.LeaderChanged command) {
        limits = command.limits();
        storage.limits = limits;
        long shift = now.monotonicMillis() - before.monotonicMillis();
        alarms.replaceAll(each -> new Alarm(dueAgain(each, shift), each.number, each.what, each.about));
        waitings.replaceAll(
                each -> new Waiting(each.who, each.what, each.id, each.sinceUtc, each.since + shift, each.tellPlace));
        answers.replaceAll(each ->
                new Said(each.who, each.id, each.operation, each.channel, each.lock, each.at + shift, each.reply));
    }

    private long dueAgain(Alarm alarm, long shift) {
        return switch (alarm.what) {
            case "expire" -> now.monotonicMillis() + ((Thing) alarm.about).ttl * SECOND;
            case "lapse" -> now.monotonicMillis() + waiting(alarm).what.ttl * SECOND;
            case "forget" -> now.monotonicMillis() + limits.sessionRememberedMillis();
            default -> alarm.due + shift;
        };
    }

    private Waiting waiting(Alarm alarm) {
        Place place = (Place) alarm.about;
        return waiting(place.who, place.id);
    }

    private void forget(Person who) {
        if (heldBy(who).isEmpty() && waitingsOf(who).isEmpty()) {
            people.remove(who);
            answers.removeIf(said -> said.who == who);
        } else {
            setAlarm(limits.sessionRememberedMillis(), "forget", who);
        }
    }
}
