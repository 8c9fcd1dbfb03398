// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * One WebSocket of the load: whole text frames, masked as the standard asks, and no more. It costs a fraction of what a server
 * does for the same frame, so that the servers are what is measured. What is sent while frames are being read goes out in one
 * write after the last of them. Everything happens on the event loop; a broken frame or a closed socket is told once.
 */
final class LoadSocket {
    private static final int HEADER_BYTES_MAX = 8;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int NORMAL = 1000;

    private final NetSocket socket;
    private final Consumer<String> onText;
    private final Consumer<String> onEnd;
    private final byte[] mask = new byte[4];
    private byte[] unread = new byte[0];
    private byte[] out = new byte[4_096];
    private int outLength;
    private boolean reading;
    private boolean ended;

    private LoadSocket(NetSocket socket, Consumer<String> onText, Consumer<String> onEnd) {
        this.socket = socket;
        this.onText = onText;
        this.onEnd = onEnd;
        ThreadLocalRandom.current().nextBytes(mask);
    }

    /** @param onEnd told why, unless {@link #close} was called */
    static Future<LoadSocket> connect(NetClient net, Endpoint to, Consumer<String> onText, Consumer<String> onEnd) {
        return net.connect(to.port(), to.host()).compose(socket -> {
            Promise<LoadSocket> open = Promise.promise();
            LoadSocket load = new LoadSocket(socket, onText, onEnd);
            socket.handler(bytes -> load.onHandshake(bytes, open));
            socket.closeHandler(v -> {
                load.end("closed by the server");
                open.tryFail("closed in the handshake");
            });
            socket.write("GET " + to.path() + " HTTP/1.1\r\nHost: " + to.host() + ':' + to.port()
                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: cnRtLWxvY2tzLWxvYWQtLQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
            return open.future();
        });
    }

    private void onHandshake(Buffer bytes, Promise<LoadSocket> open) {
        append(bytes);
        String head = new String(unread, StandardCharsets.ISO_8859_1);
        int end = head.indexOf("\r\n\r\n");
        if (end < 0) {
            return;
        }
        if (!head.startsWith("HTTP/1.1 101")) {
            open.tryFail(head.substring(0, head.indexOf('\r')));
            socket.close();
            return;
        }
        byte[] rest = Arrays.copyOfRange(unread, end + 4, unread.length);
        unread = new byte[0];
        socket.handler(this::onBytes);
        open.tryComplete(this);
        onBytes(Buffer.buffer(rest));
    }

    private void append(Buffer bytes) {
        int had = unread.length;
        unread = Arrays.copyOf(unread, had + bytes.length());
        bytes.getBytes(unread, had);
    }

    private void onBytes(Buffer bytes) {
        append(bytes);
        reading = true;
        int from = 0;
        for (int next = frame(from); next > from && !ended; next = frame(from)) {
            from = next;
        }
        unread = from == unread.length ? new byte[0] : Arrays.copyOfRange(unread, from, unread.length);
        reading = false;
        flush();
    }

    /** @return where the frame after that at {@code from} begins; {@code from} when that one is not complete */
    private int frame(int from) {
        int have = unread.length - from;
        if (have < 2) {
            return from;
        }
        int shortLength = unread[from + 1] & 0x7f;
        int header = shortLength < 126 ? 2 : shortLength == 126 ? 4 : 10;
        if (have < header) {
            return from;
        }
        long length = shortLength;
        if (header > 2) {
            length = 0;
            for (int i = 2; i < header; i++) {
                length = length << 8 | unread[from + i] & 0xff;
            }
        }
        if (have < header + length) {
            return from;
        }
        onFrame(unread[from] & 0xff, from + header, (int) length);
        return from + header + (int) length;
    }

    private void onFrame(int head, int from, int length) {
        switch (head) {
            case 0x80 | TEXT -> onText.accept(new String(unread, from, length, StandardCharsets.ISO_8859_1));
            case 0x80 | PING -> write(PONG, Arrays.copyOfRange(unread, from, from + length));
            case 0x80 | CLOSE ->
                end("closed by the server, code "
                        + (length < 2 ? "none" : String.valueOf((unread[from] & 0xff) << 8 | unread[from + 1] & 0xff)));
            default -> end("a frame of kind 0x" + Integer.toHexString(head));
        }
    }

    private void end(String why) {
        if (!ended) {
            ended = true;
            onEnd.accept(why);
            socket.close();
        }
    }

    void send(String text) {
        write(TEXT, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void write(int opcode, byte[] payload) {
        int most = outLength + HEADER_BYTES_MAX + payload.length;
        if (most > out.length) {
            out = Arrays.copyOf(out, Math.max(most, 2 * out.length));
        }
        out[outLength++] = (byte) (0x80 | opcode);
        if (payload.length < 126) {
            out[outLength++] = (byte) (0x80 | payload.length);
        } else {
            out[outLength++] = (byte) (0x80 | 126);
            out[outLength++] = (byte) (payload.length >> 8);
            out[outLength++] = (byte) payload.length;
        }
        for (byte part : mask) {
            out[outLength++] = part;
        }
        for (int i = 0; i < payload.length; i++) {
            out[outLength++] = (byte) (payload[i] ^ mask[i & 3]);
        }
        if (!reading) {
            flush();
        }
    }

    private void flush() {
        if (outLength > 0) {
            socket.write(Buffer.buffer(Arrays.copyOf(out, outLength)));
            outLength = 0;
        }
    }

    /** Leaves for good, so that the server need not remember anything. */
    void close() {
        if (!ended) {
            ended = true;
            write(CLOSE, new byte[] {NORMAL >> 8, (byte) NORMAL});
            socket.end();
        }
    }
}
