// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.util.Map;

/** One kind of work, the same for every target. */
interface Workload {

    String name();

    /** Makes all ready that is not to be measured. The caller closes what it gets. */
    Work open(Stage stage, Program program) throws Exception;

    /** Whether each window brings servers of its own, fresh, so that there is nothing to warm up. */
    default boolean startsServers() {
        return false;
    }

    /** The same for the driver of a foreign peer, in the words of its contract; empty when it has none. */
    default String peerWords() {
        return "";
    }

    /** Work on one target, at rest between its windows. */
    interface Work extends AutoCloseable {

        /** @throws Exception when anything was refused or lost: such a window is void */
        Map<Measure, Double> window(double seconds) throws Exception;

        @Override
        default void close() throws Exception {}
    }
}
