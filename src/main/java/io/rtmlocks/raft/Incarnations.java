// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

/** Incarnations of endpoints: that of the node, and after a dot how often the replica has started again within it. */
final class Incarnations {

    private static final char DOT = '.';

    private Incarnations() {}

    static String again(String incarnation, int times) {
        return ofNode(incarnation) + DOT + times;
    }

    /** Whether it is one of this node's life. */
    static boolean isOf(String incarnation, String nodeIncarnation) {
        return ofNode(incarnation).equals(nodeIncarnation);
    }

    /** Whether both are of one life, and the first came after the second. */
    static boolean isLater(String incarnation, String other) {
        return isOf(incarnation, ofNode(other)) && times(incarnation) > times(other);
    }

    static String ofNode(String incarnation) {
        int dot = incarnation.lastIndexOf(DOT);
        return dot < 0 ? incarnation : incarnation.substring(0, dot);
    }

    private static int times(String incarnation) {
        int dot = incarnation.lastIndexOf(DOT);
        return dot < 0 ? 0 : Integer.parseInt(incarnation.substring(dot + 1));
    }
}
