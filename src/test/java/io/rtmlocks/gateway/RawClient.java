// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** A WebSocket client that can say what no client may: it writes bytes, and tells what the server makes of them. */
final class RawClient implements AutoCloseable {

    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    /** A frame of the server; {@code opcode} -1 stands for the end of the connection. */
    record Received(int opcode, byte[] payload) {
        static final Received END = new Received(-1, new byte[0]);

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        /** What a table of outcomes calls it. */
        String outcome() {
            return switch (opcode) {
                case -1 -> "end";
                case TEXT -> "text";
                case CLOSE ->
                    "close "
                            + (payload.length < 2
                                    ? ""
                                    : ByteBuffer.wrap(payload).getShort() & 0xffff);
                case PING -> "ping";
                case PONG -> "pong " + payload.length;
                default -> "opcode " + opcode;
            };
        }
    }

    private final Socket socket;
    private final DataInputStream in;

    /** Connects, and says nothing yet. */
    RawClient(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            in = new DataInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects and upgrades. */
    static RawClient upgraded(int port) {
        RawClient client = new RawClient(port);
        client.write(upgrade(""));
        String head = client.readHead();
        if (!head.startsWith("HTTP/1.1 101")) {
            throw new IllegalStateException(head);
        }
        return client;
    }

    /** Connects, upgrades and logs in. */
    static RawClient loggedIn(int port, String userId) {
        RawClient client = upgraded(port);
        client.write(text("{\"id\":1,\"op\":\"login\",\"userId\":\"" + userId + "\"}"));
        if (!client.next().text().contains("\"errorCode\":0")) {
            throw new IllegalStateException("not logged in");
        }
        return client;
    }

    /**
     * What asks for a WebSocket.
     *
     * @param headers more of them, each with its end of line
     */
    static byte[] upgrade(String headers) {
        return ("GET /rtm HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers
                        + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] text(String text) {
        return frame(FINAL | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A frame as a client sends it, masked, its length written in the shortest way. */
    static byte[] frame(int firstByte, byte... payload) {
        int length = payload.length;
        ByteBuffer frame = ByteBuffer.allocate(length + 14).put((byte) firstByte);
        if (length < LENGTH_16) {
            frame.put((byte) (MASKED | length));
        } else if (length < 65_536) {
            frame.put((byte) (MASKED | LENGTH_16)).putShort((short) length);
        } else {
            frame.put((byte) (MASKED | LENGTH_64)).putLong(length);
        }
        byte[] mask = {0x11, 0x22, 0x33, 0x44};
        frame.put(mask);
        for (int i = 0; i < length; i++) {
            frame.put((byte) (payload[i] ^ mask[i % 4]));
        }
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    /** Writes as much as the server takes: it may end the connection before all is said. */
    void write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (SocketException e) {
            // what the server said before it stopped listening can still be read
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends no more; what the server says can still be read. */
    void endOutput() {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame that is no ping of the server and no heartbeat, or the end; answers pings and close frames. */
    Received next() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (System.nanoTime() < deadline) {
            Received received = read();
            if (received.opcode == PING) {
                write(frame(FINAL | PONG, received.payload));
            } else if (received.opcode == CLOSE) {
                write(frame(FINAL | CLOSE, received.payload));
                return received;
            } else if (!received.text().startsWith("{\"event\":\"heartbeat\"")) {
                return received;
            }
        }
        throw new AssertionError("nothing came but heartbeats");
    }

    private Received read() {
        try {
            int opcode = in.readUnsignedByte() & 0x0f;
            int length = in.readUnsignedByte();
            int longer =
                    length == LENGTH_16 ? in.readUnsignedShort() : length == LENGTH_64 ? (int) in.readLong() : length;
            byte[] payload = new byte[longer];
            in.readFully(payload);
            return new Received(opcode, payload);
        } catch (EOFException | SocketException e) {
            return Received.END;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the server answers in HTTP, up to the empty line; as much as came before the end. */
    String readHead() {
        StringBuilder head = new StringBuilder();
        try {
            while (!head.toString().endsWith("\r\n\r\n")) {
                head.append((char) in.readUnsignedByte());
            }
        } catch (EOFException | SocketException e) {
            head.append("<end>");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return head.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
