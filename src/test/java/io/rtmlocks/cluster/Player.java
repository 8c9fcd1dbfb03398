// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.history.Op.Kind;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Does all that can be done to a few quiet locks, its own and its neighbour's, by chance. */
final class Player {

    static final int PLAYERS = 10;
    static final List<String> LOCKS = List.of("q0", "q1", "q2", "q3");
    private static final int HOLD_MILLIS_MAX = 100;
    private static final int THINK_MILLIS_MAX = 400;
    private static final Set<Integer> BY_THE_RULES = Set.of(0, -14004, -14006, -14007, -14008);

    private final Tally tally;
    private final LoadClient client;
    private final SplittableRandom random;
    private final int number;

    Player(Tally tally, FaultNet net, int number) {
        this.tally = tally;
        this.number = number;
        client = new LoadClient(net, tally.history, "player" + number, number % net.size(), event -> {});
        random = new SplittableRandom(number);
    }

    static String channel(int number) {
        return "quiet" + number % PLAYERS;
    }

    void run() throws Exception {
        while (!tally.ends) {
            play(channel(number + random.nextInt(2)), LOCKS.get(random.nextInt(LOCKS.size())));
            LoadClient.pause(random.nextInt(THINK_MILLIS_MAX));
        }
        client.close();
    }

    private void play(String channel, String lock) throws Exception {
        int dice = random.nextInt(100);
        if (dice < 50) {
            hold(channel, lock);
        } else if (dice < 70) {
            client.insist(tally.read(client, channel, LOCKS), "getLock", "channel", channel);
        } else if (dice < 78) {
            ask(Kind.SET, "setLock", channel, lock, 0);
        } else if (dice < 84) {
            ask(Kind.SET_OR_KEEP, "setLock", channel, lock, 0, "ifExists", "keep");
        } else if (dice < 94) {
            ask(Kind.REVOKE, "revokeLock", channel, lock, 0);
        } else {
            ask(Kind.REMOVE, "removeLock", channel, lock, 0);
        }
    }

    private void hold(String channel, String lock) throws Exception {
        boolean create = random.nextBoolean();
        JsonObject grant = ask(
                create ? Kind.CREATE_AND_ACQUIRE : Kind.ACQUIRE,
                "acquireLock",
                channel,
                lock,
                0,
                "create",
                create,
                "retry",
                random.nextBoolean());
        if (grant.getInteger("errorCode") != 0) {
            return;
        }
        LoadClient.pause(random.nextInt(HOLD_MILLIS_MAX));
        if (random.nextInt(10) == 0) {
            grant = ask(Kind.ACQUIRE, "acquireLock", channel, lock, 0);
        }
        if (grant.getInteger("errorCode") == 0) {
            long token = grant.getLong("fencingToken");
            ask(Kind.RELEASE, "releaseLock", channel, lock, token, "fencingToken", token);
        }
    }

    private JsonObject ask(Kind kind, String op, String channel, String lock, long token, Object... more)
            throws Exception {
        List<Object> fields = new ArrayList<>(List.of("channel", channel, "lockName", lock));
        if (kind == Kind.SET || kind == Kind.SET_OR_KEEP || kind == Kind.CREATE_AND_ACQUIRE) {
            fields.addAll(List.of("ttl", LoadClient.TTL_SECONDS));
        }
        fields.addAll(List.of(more));
        JsonObject reply = client.insist(tally.of(client, kind, channel, lock, token), op, fields.toArray());
        if (!BY_THE_RULES.contains(reply.getInteger("errorCode"))) {
            tally.broken.add(client.user + " asked " + op + " and had " + reply);
        }
        return reply;
    }
}
