// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.util.List;

/**
 * How a node finds the others.
 *
 * @param host the address the others reach this node at; nothing else is listened on
 * @param members {@code host:port} of all nodes, this one included
 * @param secret what members know each other by
 */
public record ClusterSettings(Member self, String host, int port, List<String> members, String secret) {
    public ClusterSettings {
        members = List.copyOf(members);
    }
}
