// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * Something to reach.
 *
 * @param of what is held against the bound, in one round; NaN when something of it was not measured
 */
record Goal(String name, boolean atLeast, double limit, ToDoubleFunction<Readings.Round> of) {

    static Goal atLeast(double limit, String name, ToDoubleFunction<Readings.Round> of) {
        return new Goal(name, true, limit, of);
    }

    static Goal atMost(double limit, String name, ToDoubleFunction<Readings.Round> of) {
        return new Goal(name, false, limit, of);
    }

    /** @return the median over the rounds, empty when there is none that has all of it */
    OptionalDouble measured(Readings readings) {
        return readings.medianOverRounds(of);
    }

    boolean isMet(double measured) {
        return atLeast ? measured >= limit : measured <= limit;
    }

    String bound() {
        return (atLeast ? "≥ " : "≤ ") + String.format(Locale.ROOT, limit == Math.rint(limit) ? "%.0f" : "%.2f", limit);
    }
}
