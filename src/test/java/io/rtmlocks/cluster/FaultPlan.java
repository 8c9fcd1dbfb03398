// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** How often each fault strikes, in an order by chance. */
record FaultPlan(int kills, int pauses, int cuts, int rollingRestarts, long seed) {

    /** What can happen. */
    enum Fault {
        KILL,
        PAUSE,
        FULL_CUT,
        MUTE,
        DEAFEN,
        DEAFEN_TO_ONE,
        CUT_FROM_CLIENTS,
        ROLLING_RESTART
    }

    private static final List<Fault> CUTS =
            List.of(Fault.FULL_CUT, Fault.MUTE, Fault.DEAFEN, Fault.CUT_FROM_CLIENTS, Fault.DEAFEN_TO_ONE);

    /** From the system properties, for people; each has a short default. */
    static FaultPlan fromProperties() {
        int rounds = Integer.getInteger("rtm.faults.rounds", 0);
        return new FaultPlan(
                Integer.getInteger("rtm.faults.kills", rounds == 0 ? 1 : rounds),
                Integer.getInteger("rtm.faults.pauses", rounds == 0 ? 1 : Math.min(rounds, 20)),
                Integer.getInteger("rtm.faults.cuts", rounds == 0 ? 1 : Math.min(rounds, 20)),
                Integer.getInteger("rtm.faults.restarts", 1),
                Long.getLong("rtm.seed", System.nanoTime()));
    }

    static FaultPlan parse(String text) {
        List<Long> numbers =
                List.of(text.split(",")).stream().map(Long::valueOf).toList();
        return new FaultPlan(
                numbers.get(0).intValue(),
                numbers.get(1).intValue(),
                numbers.get(2).intValue(),
                numbers.get(3).intValue(),
                numbers.get(4));
    }

    String text() {
        return List.of((long) kills, (long) pauses, (long) cuts, (long) rollingRestarts, seed).stream()
                .map(String::valueOf)
                .collect(Collectors.joining(","));
    }

    FaultPlan withoutCuts() {
        return new FaultPlan(kills, pauses, 0, rollingRestarts, seed);
    }

    List<Fault> faults() {
        List<Fault> faults = new ArrayList<>();
        faults.addAll(Collections.nCopies(kills, Fault.KILL));
        faults.addAll(Collections.nCopies(pauses, Fault.PAUSE));
        faults.addAll(Collections.nCopies(rollingRestarts, Fault.ROLLING_RESTART));
        for (int i = 0; i < cuts; i++) {
            faults.add(CUTS.get(i % CUTS.size()));
        }
        Collections.shuffle(faults, new Random(seed));
        return faults;
    }
}
