// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import java.util.List;
import java.util.SplittableRandom;

/** Faults, one after the other and several at once; never more dead nodes than a majority can do without. */
final class Trouble {

    private static final int PERCENT = 100;
    private static final int PAUSE_BETWEEN_MILLIS_MAX = 3_000;
    private static final int DEAD_MILLIS_MAX = 8_000;
    private static final int STOPPED_MILLIS_MAX = 9_000;
    private static final int CUT_MILLIS_MAX = 9_000;
    private static final long CLOCK_JUMP_MILLIS_MAX = 3_600_000;
    private static final long START_MILLIS = 2_000;

    private final Simulation simulation;
    private final Clockwork clockwork;
    private final Network network;
    private final SplittableRandom random;
    private boolean isOver;

    Trouble(Simulation simulation, Clockwork clockwork, Network network, SplittableRandom random) {
        this.simulation = simulation;
        this.clockwork = clockwork;
        this.network = network;
        this.random = random;
    }

    void begin() {
        clockwork.after(START_MILLIS, this::next);
    }

    void end() {
        isOver = true;
        network.heal();
        network.weather(Network.Weather.FINE);
        for (String name : Simulation.NODES) {
            simulation.machine(name).goOn();
        }
    }

    private void next() {
        if (isOver) {
            return;
        }
        String node = any();
        int dice = random.nextInt(PERCENT);
        if (dice < 25) {
            kill(node);
        } else if (dice < 40) {
            stop(node);
        } else if (dice < 70) {
            cut(node);
        } else if (dice < 90) {
            weather();
        } else {
            long jump = random.nextLong(-CLOCK_JUMP_MILLIS_MAX, CLOCK_JUMP_MILLIS_MAX);
            simulation.machine(node).shiftUtc(jump);
            simulation.count("clock jumps");
        }
        clockwork.after(random.nextInt(PAUSE_BETWEEN_MILLIS_MAX), this::next);
    }

    private String any() {
        return Simulation.NODES.get(random.nextInt(Simulation.NODES.size()));
    }

    private void kill(String node) {
        if (simulation.isHealthy()) {
            simulation.kill(node);
            clockwork.after(random.nextInt(DEAD_MILLIS_MAX), () -> simulation.start(node));
        }
    }

    private void stop(String node) {
        Machine machine = simulation.machine(node);
        machine.stop();
        simulation.count("pauses");
        clockwork.after(random.nextInt(STOPPED_MILLIS_MAX), machine::goOn);
    }

    private void cut(String node) {
        List<String> others =
                Simulation.NODES.stream().filter(each -> !each.equals(node)).toList();
        int kind = random.nextInt(4);
        for (String other : kind == 0 ? others.subList(0, 1) : others) {
            if (kind != 1) {
                network.cut(node, other);
            }
            if (kind != 2) {
                network.cut(other, node);
            }
        }
        simulation.count("cuts");
        clockwork.after(random.nextInt(CUT_MILLIS_MAX), network::heal);
    }

    private void weather() {
        network.weather(
                random.nextBoolean()
                        ? Network.Weather.FINE
                        : new Network.Weather(
                                random.nextInt(150), random.nextInt(100), random.nextInt(40), random.nextInt(60)));
    }
}
