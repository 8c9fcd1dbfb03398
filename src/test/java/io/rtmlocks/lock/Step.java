// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.lock;

/** One command of a random run and its moment. */
record Step(Moment moment, Command command) {

    @Override
    public String toString() {
        return "%8d ms  %s".formatted(moment.monotonicMillis(), command);
    }
}
