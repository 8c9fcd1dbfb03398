// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.rtmlocks.lock.Command;
import io.rtmlocks.shard.CommandBatch;
import io.rtmlocks.shard.DeliveryBatch;
import io.rtmlocks.shard.Leads;
import io.rtmlocks.shard.NodeBus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to the leader of one shard: this gateway's end of their conversation, see {@link CommandBatch}.
 *
 * <pre>
 * state    | input                                          | next state | what happens
 * ---------+------------------------------------------------+------------+---------------------------------------------
 * NOWHERE  | a node says that it leads                      | SPEAKING   | a new stream begins, with a full account
 * NOWHERE  | a command                                      | NOWHERE    | dropped: the account will contain it
 * SPEAKING | a command                                      | SPEAKING   | sent at the end of the turn
 * SPEAKING | another node leads in a later term             | SPEAKING   | a new stream begins, with a full account
 * SPEAKING | a node leads by the charter that is now ours   | SPEAKING   | a new stream begins, with a full account
 * SPEAKING | something sent or told has been missed         | SPEAKING   | a new stream begins, with a full account
 * SPEAKING | refused                                        | NOWHERE    | until a leader is heard again
 * SPEAKING | no leader heard for SILENCE_MILLIS             | NOWHERE    |
 * </pre>
 *
 * <p>Only who leads by the charter by which this node lives is heard: charters have no order, and each counts its terms from 1.
 */
final class Route {

    private static final long SILENCE_MILLIS = 2_500;
    private static final long UNKNOWN = -1;

    /** Shorter than any leader waits before it takes a node for lost, but long enough for two rounds of {@link Leads}. */
    private static final long HEARD_WITHIN_MILLIS = 4_000;

    private final int shard;
    private final NodeBus bus;
    private final LongSupplier monotonicMillis;
    private final Runnable giveAccount;

    /** News of ended connections that the shard has not confirmed yet, by session. */
    private final Map<String, Farewell> farewells = new LinkedHashMap<>();

    private List<Command> commands = new ArrayList<>();
    private List<Session.Pending> requests = new ArrayList<>();
    private List<CommandBatch.Permit> permits = new ArrayList<>();
    private @Nullable String leader;

    /** The charter of the leader that was heard last, and its term within it. */
    private String charter = "";

    private int term;
    private long stream;
    private long said;
    private long heard;
    private long saidAtLastLeads = UNKNOWN;
    private long leaderHeardMillis = UNKNOWN;

    /** A message of which it will be known when it was sent, once the leader has heard it. */
    private long mark = UNKNOWN;

    private long markMillis;
    private long heardAtMillis = UNKNOWN;

    /**
     * @param monotonicMillis goes on while this process stands still
     * @param giveAccount adds to this route all that a leader must know of this gateway
     */
    Route(int shard, NodeBus bus, LongSupplier monotonicMillis, Runnable giveAccount) {
        this.shard = shard;
        this.bus = bus;
        this.monotonicMillis = monotonicMillis;
        this.giveAccount = giveAccount;
    }

    boolean isOpen() {
        return leader != null;
    }

    /** Whether the leader has surely heard what was sent from here a moment ago. */
    boolean isHeardAt(long nowMillis) {
        return leader != null && heardAtMillis != UNKNOWN && nowMillis - heardAtMillis < HEARD_WITHIN_MILLIS;
    }

    /** @return whether something waits to be sent that did not before */
    boolean add(Command command, Session.@Nullable Pending request) {
        commands.add(command);
        if (request != null) {
            requests.add(request);
        }
        return commands.size() == 1;
    }

    /** What the session may do, for the leader's own check. */
    void permit(CommandBatch.Permit permit) {
        permits.add(permit);
    }

    /** The shard must hear this, however often it has to be told. */
    void farewell(String sessionId, long epoch, Command command) {
        farewells.put(sessionId, new Farewell(epoch, command));
    }

    void noted(String sessionId, long epoch) {
        Farewell farewell = farewells.get(sessionId);
        if (farewell != null && farewell.epoch <= epoch) {
            farewells.remove(sessionId);
        }
    }

    /** Sends what has gathered. */
    void flush() {
        if (leader != null && !(commands.isEmpty() && permits.isEmpty())) {
            for (Session.Pending request : requests) {
                request.sent(stream, said);
            }
            say(leader, permits, commands);
        }
        commands = new ArrayList<>();
        requests = new ArrayList<>();
        permits = new ArrayList<>();
    }

    private void say(String to, List<CommandBatch.Permit> may, List<Command> what) {
        if (mark == UNKNOWN) {
            mark = said;
            markMillis = monotonicMillis.getAsLong();
        }
        bus.send(to, new CommandBatch(shard, bus.address(), stream, said++, may, what));
    }

    void onLeads(Leads leads, long nowMillis) {
        boolean isSameCharter = leads.charter().equals(charter);
        boolean isOutdated = isSameCharter && leads.term() < term;
        if (isOutdated || !leads.charter().equals(bus.charterOf(shard))) {
            return;
        }
        leaderHeardMillis = nowMillis;
        boolean isNew = !isSameCharter || leads.term() > term || !leads.leader().equals(leader);
        charter = leads.charter();
        term = leads.term();
        leader = leads.leader();
        if (isNew || isBroken(leads)) {
            begin();
        } else {
            saidAtLastLeads = said;
        }
    }

    /** Whether something was lost on the way, in either direction. */
    private boolean isBroken(Leads leads) {
        for (Leads.Line line : leads.lines()) {
            if (line.gateway().equals(bus.address()) && line.stream() == stream) {
                noteHeard(line.heard());
                return line.said() != heard || line.heard() < saidAtLastLeads;
            }
        }
        return saidAtLastLeads != UNKNOWN;
    }

    private void noteHeard(long messages) {
        if (mark != UNKNOWN && messages > mark) {
            heardAtMillis = markMillis;
            mark = UNKNOWN;
        }
    }

    /** A new stream: what is under way is asked again, under the same ids. */
    private void begin() {
        stream++;
        said = 0;
        heard = 0;
        saidAtLastLeads = UNKNOWN;
        mark = UNKNOWN;
        heardAtMillis = UNKNOWN;
        commands = new ArrayList<>();
        requests = new ArrayList<>();
        permits = new ArrayList<>();
        farewells.values().forEach(farewell -> add(farewell.command, null));
        giveAccount.run();
        sayAnything();
        flush();
    }

    /** A leader hears something from here, also when there is nothing to say. */
    private void sayAnything() {
        if (leader != null && commands.isEmpty() && mark == UNKNOWN) {
            say(leader, List.of(), List.of());
        }
    }

    /** @return whether the message is the next: else it must not be looked at */
    boolean isNext(DeliveryBatch batch) {
        if (batch.stream() != stream) {
            return false;
        }
        if (batch.number() != heard) {
            begin();
            return false;
        }
        heard++;
        return true;
    }

    /** The message has been told. */
    void told(DeliveryBatch batch) {
        if (leader != null) {
            bus.send(leader, new DeliveryBatch.Told(shard, bus.address(), batch.stream(), batch.number()));
        }
    }

    /** @return whether it concerns what was sent last */
    boolean onRefused(CommandBatch.Refused refused) {
        if (refused.stream() != stream) {
            return false;
        }
        leader = null;
        return true;
    }

    /** Whether there was a leader, and none has been heard for so long that none is expected just now. */
    boolean isDeserted(long nowMillis) {
        return leader == null && leaderHeardMillis != UNKNOWN && isSilent(nowMillis);
    }

    private boolean isSilent(long nowMillis) {
        return nowMillis - leaderHeardMillis > SILENCE_MILLIS;
    }

    /** Who has said nothing for long does not lead any more. */
    void onTick(long nowMillis) {
        if (isSilent(nowMillis)) {
            leader = null;
        }
        sayAnything();
    }

    private record Farewell(long epoch, Command command) {}
}
