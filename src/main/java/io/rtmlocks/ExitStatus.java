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

    /** A port is in use: starting again helps when it is free. */
    static final int PORT_BUSY = 69;

    private ExitStatus() {}
}
