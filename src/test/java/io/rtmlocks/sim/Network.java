// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Carries messages between nodes: slowly, out of order, twice or not at all, as the weather is. */
final class Network {

    private static final int PER_MILLE = 1_000;

    /** How bad it is, in thousandths, and the longest usual delay. */
    record Weather(int lossPerMille, int doublePerMille, int slowPerMille, int delayMillisMax) {
        static final Weather FINE = new Weather(0, 0, 0, 2);
    }

    private static final int SLOW_MILLIS_MAX = 3_000;

    private final Clockwork clockwork;
    private final SplittableRandom random;

    /** How many cuts there are between two nodes, in this direction. */
    private final Map<String, Integer> cuts = new HashMap<>();

    private final Map<String, Long> lastArrivals = new HashMap<>();
    private Weather weather = Weather.FINE;

    Network(Clockwork clockwork, SplittableRandom random) {
        this.clockwork = clockwork;
        this.random = random;
    }

    void weather(Weather now) {
        weather = now;
    }

    /** Nothing comes from here to there for a while. */
    void cut(String from, String to, long millis) {
        cuts.merge(from + ">" + to, 1, Integer::sum);
        clockwork.after(
                millis, () -> cuts.computeIfPresent(from + ">" + to, (key, count) -> count > 1 ? count - 1 : null));
    }

    /** All cuts are over. */
    void heal() {
        cuts.clear();
    }

    private boolean isCut(String from, String to) {
        return cuts.containsKey(from + ">" + to);
    }

    /** A datagram, as replicas send them: late ones are overtaken, and some come twice. */
    void send(String from, String to, Runnable delivery) {
        for (int i = happens(weather.doublePerMille) ? 2 : 1; i > 0; i--) {
            if (!happens(weather.lossPerMille)) {
                arrive(from, to, delayMillis(), delivery);
            }
        }
    }

    /** What goes over a connection: it comes once at most, and in order. */
    void post(String from, String to, Runnable delivery) {
        if (from.equals(to)) {
            clockwork.after(0, delivery);
        } else if (!happens(weather.lossPerMille)) {
            long arrivalMillis =
                    Math.max(clockwork.nowMillis() + delayMillis(), lastArrivals.getOrDefault(from + ">" + to, 0L));
            lastArrivals.put(from + ">" + to, arrivalMillis);
            arrive(from, to, arrivalMillis - clockwork.nowMillis(), delivery);
        }
    }

    private void arrive(String from, String to, long delayMillis, Runnable delivery) {
        clockwork.after(delayMillis, () -> {
            if (!isCut(from, to)) {
                delivery.run();
            }
        });
    }

    private long delayMillis() {
        long delayMillis = random.nextInt(weather.delayMillisMax + 1);
        return happens(weather.slowPerMille) ? delayMillis + random.nextInt(SLOW_MILLIS_MAX) : delayMillis;
    }

    private boolean happens(int perMille) {
        return random.nextInt(PER_MILLE) < perMille;
    }
}
