// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

import io.vertx.core.Future;
import java.util.function.BiPredicate;

/** The node itself, as far as operators see it and act on it. Called on the contexts of the administration. */
public interface AdminNode {

    /** Where clients connect. */
    String clientsUrl();

    /** Where this administration is. */
    String managementUrl();

    /** Why it does not serve clients now; empty when it does. */
    String whyNotReady();

    /**
     * Ends sessions as if they had logged out.
     *
     * @param which told the user and the session of each that is here
     * @return how many there were
     */
    Future<Integer> disconnect(BiPredicate<String, String> which);

    /** Sends the clients to other nodes and stops serving; there is no way back but a new start. */
    Future<Void> drain();
}
