// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import io.rtmlocks.raft.Replica;
import java.util.List;
import java.util.SplittableRandom;

/** Faults, one after the other and several at once; never more dead nodes than a majority can do without. */
final class Trouble {

    private static final int PERCENT = 100;
    private static final int PAUSE_BETWEEN_MILLIS_MIN = 2_000;
    private static final int PAUSE_BETWEEN_MILLIS_MAX = 20_000;
    private static final int DEAD_MILLIS_MAX = 8_000;
    private static final int LONG_STOPS_PERCENT = 25;
    private static final int LONG_STOP_MILLIS_MAX = 60_000;
    private static final int STOPPED_MILLIS_MAX = 9_000;
    private static final int CUT_MILLIS_MAX = 9_000;
    private static final int LONG_CUT_MILLIS = 40_000;
    private static final int LONG_CUTS_PERCENT = 20;
    private static final long CLOCK_JUMP_MILLIS_MAX = 3_600_000;
    private static final int DRAINED_AFTER_MILLIS = 2_000;
    private static final long START_MILLIS = 2_000;

    private final Simulation simulation;
    private final Clockwork clockwork;
    private final Network network;
    private final SplittableRandom random;

    /** In some runs much happens at once; in others there is time for what lasts. */
    private final int pauseBetweenMillisMax;

    private boolean isOver;

    Trouble(Simulation simulation, Clockwork clockwork, Network network, SplittableRandom random) {
        this.simulation = simulation;
        this.clockwork = clockwork;
        this.network = network;
        this.random = random;
        this.pauseBetweenMillisMax = random.nextInt(PAUSE_BETWEEN_MILLIS_MIN, PAUSE_BETWEEN_MILLIS_MAX);
    }

    void begin() {
        clockwork.after(START_MILLIS, this::next);
    }

    void end() {
        isOver = true;
        network.heal();
        network.weather(Network.Weather.FINE);
        for (String name : Simulation.NODES) {
            simulation.life(name).machine().goOn();
        }
    }

    private void next() {
        if (isOver) {
            return;
        }
        String node = any();
        int dice = random.nextInt(PERCENT);
        if (dice < 8) {
            loseReplicas(node);
        } else if (dice < 20) {
            kill(node);
        } else if (dice < 25) {
            drain(node);
        } else if (dice < 40) {
            stop(node);
        } else if (dice < 70) {
            cut(node);
        } else if (dice < 90) {
            weather();
        } else {
            long jump = random.nextLong(-CLOCK_JUMP_MILLIS_MAX, CLOCK_JUMP_MILLIS_MAX);
            simulation.life(node).machine().shiftUtc(jump);
            simulation.count("clock jumps");
        }
        clockwork.after(random.nextInt(pauseBetweenMillisMax), this::next);
    }

    private String any() {
        return Simulation.NODES.get(random.nextInt(Simulation.NODES.size()));
    }

    /** Some replicas of a node begin anew, and the node lives on. */
    private void loseReplicas(String node) {
        Life life = simulation.life(node);
        if (simulation.isHealthy()) {
            life.machine()
                    .run(() -> life.logs().values().stream()
                            .filter(log -> random.nextBoolean() && simulation.isHealthy())
                            .map(Replica.class::cast)
                            .forEach(replica -> {
                                replica.onRemoved();
                                simulation.count("replicas restarted");
                            }));
        }
    }

    private void kill(String node) {
        if (simulation.isHealthy()) {
            simulation.kill(node);
            simulation.count("kills");
            clockwork.after(random.nextInt(DEAD_MILLIS_MAX), () -> simulation.start(node));
        }
    }

    /** As an operator restarts a node. */
    private void drain(String node) {
        if (simulation.isHealthy()) {
            Life life = simulation.life(node);
            life.drain();
            clockwork.after(DRAINED_AFTER_MILLIS, () -> {
                if (simulation.life(node) == life && simulation.isHealthy()) {
                    simulation.kill(node);
                    simulation.count("restarts");
                    clockwork.after(random.nextInt(DEAD_MILLIS_MAX), () -> simulation.start(node));
                }
            });
        }
    }

    private void stop(String node) {
        Machine machine = simulation.life(node).machine();
        machine.stop();
        simulation.count("pauses");
        boolean isLong = random.nextInt(PERCENT) < LONG_STOPS_PERCENT;
        clockwork.after(random.nextInt(isLong ? LONG_STOP_MILLIS_MAX : STOPPED_MILLIS_MAX), machine::goOn);
    }

    private void cut(String node) {
        List<String> others =
                Simulation.NODES.stream().filter(each -> !each.equals(node)).toList();
        int kind = random.nextInt(4);
        boolean isLong = random.nextInt(PERCENT) < LONG_CUTS_PERCENT;
        int millis = isLong ? LONG_CUT_MILLIS : random.nextInt(CUT_MILLIS_MAX);
        for (String other : kind == 0 ? others.subList(0, 1) : others) {
            if (kind != 1) {
                network.cut(node, other, millis);
            }
            if (kind != 2) {
                network.cut(other, node, millis);
            }
        }
        simulation.count("cuts");
    }

    private void weather() {
        network.weather(
                random.nextBoolean()
                        ? Network.Weather.FINE
                        : new Network.Weather(
                                random.nextInt(150), random.nextInt(100), random.nextInt(40), random.nextInt(60)));
    }
}
