// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

/** How the process ends, for the shell and for whoever supervises it. */
final class ExitStatus {
    /** Done; of a node: drained after SIGTERM or SIGINT. */
    static final int OK = 0;

    /** It did not work; of {@code health}: the node does not serve. */
    static final int FAILED = 1;

    /** Wrong arguments or settings: starting again changes nothing. */
    static final int BAD_CONFIGURATION = 2;

    /** A port is in use, or the name of a host is not known: starting again helps when that is over. */
    static final int PORT_BUSY = 69;

    /** Of {@code exec}: the lock could not be had; trying later may help. */
    static final int LOCK_NOT_HAD = 75;

    /** Of {@code exec}: the lock was lost, and the command was ended. */
    static final int LOCK_LOST = 76;

    /** Of {@code exec}: the login was refused. */
    static final int LOGIN_REFUSED = 77;

    /** Of {@code exec}, as shells have it: the command could not be run. */
    static final int CANNOT_RUN = 126;

    /** Of {@code exec}, as shells have it: there is no such command. */
    static final int NO_SUCH_COMMAND = 127;

    private ExitStatus() {}
}
