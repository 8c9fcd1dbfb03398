// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.ops;

/** Tells whether the node serves clients now. Asked on the context of the management port, so the answer comes at once. */
@FunctionalInterface
public interface Readiness {

    State state();

    /**
     * Whether the node serves, and if not, why.
     *
     * @param why for a person; empty when it serves
     */
    record State(boolean serves, String why) {
        public static final State SERVING = new State(true, "");

        public static State not(String why) {
            return new State(false, why);
        }
    }
}
