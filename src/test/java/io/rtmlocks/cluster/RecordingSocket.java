// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;

/** A socket that keeps all that is sent by it, as somebody would who listens on the cable. */
final class RecordingSocket extends Socket {

    private final Socket socket;
    private final OutputStream record;

    RecordingSocket(Socket socket, OutputStream record) {
        this.socket = socket;
        this.record = record;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return new FilterOutputStream(socket.getOutputStream()) {
            @Override
            public void write(byte[] bytes) throws IOException {
                record.write(bytes);
                out.write(bytes);
            }
        };
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return socket.getInputStream();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return socket.getRemoteSocketAddress();
    }

    @Override
    public void setSoTimeout(int timeoutMs) throws SocketException {
        socket.setSoTimeout(timeoutMs);
    }
}
