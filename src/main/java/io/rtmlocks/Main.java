// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

/** The command line: starts a node, or prints how to. */
public final class Main {
    private Main() {}

    /**
     * Runs the command named by the first argument.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        System.out.println("usage: java -jar rtm-locks.jar dev|serve [options]");
    }
}
