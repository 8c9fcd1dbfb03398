// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

/**
 * A node that is there.
 *
 * @param name the configured, lasting one
 * @param incarnation different for each start of the node
 */
public record Member(String name, String incarnation) {

    /** Different for each start of each node; names the node's address. */
    public String id() {
        return name + "." + incarnation;
    }
}
