// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.util.List;

/** A foreign lock service: its running servers and its usual client. Closing it ends both. */
interface Peer extends AutoCloseable {

    /** The lock of this name as seen by this user (0, 1, …). The same arguments give the same thing again. */
    PeerLock lock(int user, String name);

    /** The processes whose CPU time is the server's. */
    List<Long> servers();

    /** Which client, which version, which connections: one sentence. */
    String client();

    /** Which server, which version, what it keeps: one sentence. */
    String server();

    @Override
    void close();
}
