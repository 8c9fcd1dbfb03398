// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.admin;

/**
 * How a node is administered.
 *
 * @param node its name
 * @param size how many nodes the cluster is meant to have
 * @param shards how many there are
 * @param isLoopback whether the management port can be reached from this machine alone
 * @param token who has it may do everything; empty for none
 */
public record AdminSettings(String node, int size, int shards, boolean isLoopback, String token) {
    @Override
    public String toString() {
        return "AdminSettings[node=" + node + ']';
    }
}
