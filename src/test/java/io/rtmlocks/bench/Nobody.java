// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Listens, and ends every connection as soon as it is there: the least that can be made of a stranger. */
final class Nobody {

    private static final int BACKLOG = 1_024;

    private Nobody() {}

    public static void main(String[] arguments) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress())) {
            System.out.println("ready http://127.0.0.1:" + socket.getLocalPort() + "/");
            while (!socket.isClosed()) {
                sendAway(socket);
            }
        }
    }

    private static void sendAway(ServerSocket socket) {
        try (Socket stranger = socket.accept()) {
            stranger.setSoLinger(true, 0);
        } catch (IOException e) {
            // the stranger has ended
        }
    }
}
