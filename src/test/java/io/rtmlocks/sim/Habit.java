// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.lock.ChannelKey;
import io.rtmlocks.lock.Command;
import io.rtmlocks.lock.Metadata;
import io.rtmlocks.lock.Operation;
import java.util.List;
import java.util.SplittableRandom;

/** What the person in front of a client does, all the time, until it is quiet. */
final class Habit {

    private static final int PERCENT = 100;
    private static final int THINK_MILLIS_MAX = 900;
    private static final int AWAY_MILLIS_MAX = 25_000;
    private static final int PENDING_MAX = 6;
    private static final List<String> LOCKS = List.of("k", "l", "m");
    private static final long TTL_SECONDS = 10;

    private final Simulation simulation;
    private final Client client;
    private final Clockwork clockwork;
    private final SplittableRandom random;
    private long backMillis;

    Habit(Simulation simulation, Client client, Clockwork clockwork, SplittableRandom random) {
        this.simulation = simulation;
        this.client = client;
        this.clockwork = clockwork;
        this.random = random;
    }

    void start() {
        clockwork.after(random.nextInt(THINK_MILLIS_MAX), () -> {
            act();
            start();
        });
    }

    private void act() {
        if (!client.isConnected()) {
            comeBack();
        } else if (simulation.isQuiet()) {
            giveBack();
        } else {
            int dice = random.nextInt(PERCENT);
            if (dice < 4) {
                backMillis = simulation.nowMillis() + random.nextInt(AWAY_MILLIS_MAX);
                client.disconnect();
            } else if (dice < 6) {
                client.logout();
            } else if (client.pendingCount() < PENDING_MAX) {
                ask(dice);
            }
        }
    }

    private void comeBack() {
        String name = Simulation.NODES.get(random.nextInt(Simulation.NODES.size()));
        boolean mayCome = simulation.nowMillis() >= backMillis || simulation.isQuiet();
        if (mayCome && !simulation.machine(name).isDead()) {
            client.connect(simulation.gateway(name));
        }
    }

    private void giveBack() {
        if (client.pendingCount() < PENDING_MAX) {
            client.held().keySet().stream().findFirst().ifPresent(this::release);
        }
    }

    private void release(Client.LockRef lock) {
        long token = client.held().get(lock);
        client.ask(false, caller -> new Command.ReleaseLock(caller, lock.channel(), lock.name(), token));
    }

    private void ask(int dice) {
        ChannelKey channel = Simulation.CHANNELS.get(random.nextInt(Simulation.CHANNELS.size()));
        String lock = LOCKS.get(random.nextInt(LOCKS.size()));
        boolean retry = random.nextInt(PERCENT) < 80;
        long timeoutMillis = random.nextBoolean() ? 0 : random.nextLong(1, 20_000);
        if (dice < 50) {
            client.ask(
                    retry,
                    caller -> new Command.AcquireLock(
                            caller, channel, lock, retry, timeoutMillis, false, true, TTL_SECONDS));
        } else if (dice < 90) {
            client.held().keySet().stream().findFirst().ifPresent(this::release);
        } else if (dice < 93) {
            client.ask(false, caller -> new Command.RevokeLock(caller, channel, lock, null));
        } else if (dice < 94) {
            client.ask(false, caller -> new Command.RemoveLock(caller, channel, lock));
        } else if (dice < 96) {
            client.ask(false, caller -> new Command.GetLock(caller, channel, false));
        } else {
            String value = String.valueOf(random.nextInt());
            client.ask(
                    false,
                    caller -> new Command.WriteMetadata(
                            caller,
                            channel,
                            Operation.SET_METADATA,
                            List.of(new Metadata.Change("k", value, Metadata.ANY_REVISION)),
                            Metadata.ANY_REVISION,
                            "",
                            0));
        }
    }
}
