// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.microraft.RaftEndpoint;
import java.util.Comparator;

/**
 * A voter, or one to be: one life of one node.
 *
 * <p>A node that starts again has lost its memory and what it had promised with it. So it comes as another endpoint, and never
 * votes under its former identity.
 *
 * @param node the configured, lasting name
 * @param incarnation different each time the node starts, or restarts a stuck replica
 */
public record Endpoint(String node, String incarnation) implements RaftEndpoint {
    static final Comparator<Endpoint> ORDER =
            Comparator.comparing(Endpoint::node).thenComparing(Endpoint::incarnation);

    @Override
    public Object getId() {
        return node + "/" + incarnation;
    }
}
