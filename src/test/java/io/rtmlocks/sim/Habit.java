// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.ChannelKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.SplittableRandom;

/** What the person in front of a client does, all the time, until it is quiet; and what becomes of the connection. */
final class Habit {

    static final long TTL_SECONDS = 10;

    private static final int PERCENT = 100;
    private static final int PER_MILLE = 1_000;
    private static final int THINK_MILLIS_MAX = 900;
    private static final int AWAY_MILLIS_MAX = 25_000;
    private static final int RELOAD_MILLIS_MAX = 2_000;
    private static final int DEAF_MILLIS_MAX = 9_000;
    private static final int PENDING_MAX = 6;
    private static final List<String> LOCKS = List.of("k", "l", "m");

    private final Simulation simulation;
    private final Client client;
    private final Clockwork clockwork;
    private final SplittableRandom random;

    /** How often something becomes of the connection. */
    private final int troublePerMille;

    /** How often it gives back a lock before it is asked to: some hold on to what they have. */
    private final int releasePerMille;

    private long backMillis;

    Habit(Simulation simulation, Client client, Clockwork clockwork, SplittableRandom random) {
        this.simulation = simulation;
        this.client = client;
        this.clockwork = clockwork;
        this.random = random;
        this.troublePerMille = random.nextInt(4, 80);
        this.releasePerMille = random.nextBoolean() ? 400 : 10;
    }

    void start() {
        clockwork.after(random.nextInt(THINK_MILLIS_MAX), () -> {
            act();
            start();
        });
    }

    private void act() {
        if (client.isConnected() && client.hearsNothing()) {
            client.abandon();
        }
        if (!client.isConnected()) {
            comeBack();
        } else if (simulation.isQuiet()) {
            giveBack();
        } else {
            if (random.nextInt(PER_MILLE) < troublePerMille) {
                trouble(random.nextInt(PERCENT));
            } else if (client.isLoggedIn() && client.requests().pendingCount() < PENDING_MAX) {
                ask(random.nextInt(PER_MILLE));
            }
        }
    }

    private void comeBack() {
        String name = Simulation.NODES.get(random.nextInt(Simulation.NODES.size()));
        boolean mayCome = clockwork.nowMillis() >= backMillis || simulation.isQuiet();
        if (mayCome && !simulation.life(name).machine().isDead()) {
            client.connect(simulation.life(name));
        }
    }

    private void trouble(int dice) {
        if (dice < 25) {
            backMillis = clockwork.nowMillis() + random.nextInt(AWAY_MILLIS_MAX);
            client.drop();
        } else if (dice < 40) {
            client.drop();
        } else if (dice < 50) {
            client.abandon();
        } else if (dice < 57) {
            client.leave();
        } else if (dice < 61) {
            client.logout();
        } else if (dice < 70) {
            backMillis = clockwork.nowMillis() + random.nextInt(RELOAD_MILLIS_MAX);
            client.goAway();
        } else {
            simulation.count("slow consumers");
            client.beDeaf(random.nextInt(DEAF_MILLIS_MAX));
        }
    }

    private void giveBack() {
        if (client.isLoggedIn() && client.requests().pendingCount() < PENDING_MAX) {
            client.holdings().any().ifPresent(client::release);
            Simulation.CHANNELS.stream()
                    .filter(each -> !client.requests().wants(each))
                    .forEach(client.requests()::subscribe);
        }
    }

    private void ask(int dice) {
        ChannelKey channel = Simulation.CHANNELS.get(random.nextInt(Simulation.CHANNELS.size()));
        Holdings.LockRef lock = new Holdings.LockRef(channel, LOCKS.get(random.nextInt(LOCKS.size())));
        if (dice < releasePerMille) {
            client.holdings().any().ifPresent(client::release);
        } else if (dice < 870) {
            acquire(lock);
        } else if (dice < 890) {
            comeOrGo(channel);
        } else if (dice < 900) {
            JsonObject frame = Frames.of("setLock", lock).put("ttl", random.nextLong(TTL_SECONDS, 2 * TTL_SECONDS));
            client.requests().ask(random.nextBoolean() ? frame.put("ifExists", "keep") : frame, lock);
        } else if (dice < 915) {
            client.requests().ask(Frames.of("revokeLock", lock), lock);
        } else if (dice < 920) {
            client.requests().ask(Frames.of("removeLock", lock), lock);
        } else if (dice < 940) {
            client.requests().ask(Frames.of("cancelAcquire", lock), lock);
        } else if (dice < 960) {
            client.requests().ask(Frames.of("getLock", channel), null);
        } else {
            write(lock);
        }
    }

    /** Sometimes both at once, as a page that mounts a part of itself twice. */
    private void comeOrGo(ChannelKey channel) {
        if (client.requests().wants(channel)) {
            client.requests().unsubscribe(channel);
        }
        if (!client.requests().wants(channel) && random.nextBoolean()) {
            client.requests().subscribe(channel);
        }
    }

    private void acquire(Holdings.LockRef lock) {
        JsonObject frame = Frames.of("acquireLock", lock).put("create", true).put("ttl", TTL_SECONDS);
        if (random.nextInt(PER_MILLE) < 800) {
            frame.put("retry", true);
            frame.put("withPosition", random.nextInt(3) == 0);
            if (random.nextBoolean()) {
                frame.put("timeoutMs", random.nextLong(1, 20_000));
            }
        }
        client.requests().ask(frame, lock);
    }

    /** Half of the writes are guarded. */
    private void write(Holdings.LockRef other) {
        JsonObject item = new JsonObject().put("key", "k").put("value", String.valueOf(random.nextLong()));
        Holdings.LockRef guard = random.nextBoolean() ? client.holdings().any().orElse(null) : null;
        JsonObject frame = Frames.of("setChannelMetadata", guard == null ? other.channel() : guard.channel())
                .put("data", new JsonArray().add(item));
        if (guard != null) {
            frame.put("lockName", guard.name());
        }
        client.requests().ask(frame, null);
    }
}
