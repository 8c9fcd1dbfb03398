// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Listens, and ends every connection as soon as it is there: the least that can be made of a stranger. */
final class Nobody implements AutoCloseable {

    private static final int BACKLOG = 1_024;

    private final ServerSocket socket;

    Nobody() throws IOException {
        socket = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::run, "nobody");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    private void run() {
        while (!socket.isClosed()) {
            try (Socket stranger = socket.accept()) {
                stranger.setSoLinger(true, 0);
            } catch (IOException e) {
                // the stranger, or this, has ended
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
