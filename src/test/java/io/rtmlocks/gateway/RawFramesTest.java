// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static io.rtmlocks.gateway.RawClient.frame;
import static io.rtmlocks.gateway.RawClient.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What comes over the wire, byte by byte, faults of framing included: each has a defined outcome for who sent it, and none
 * for anybody else (PROTOCOL.md §1, RFC 6455).
 */
class RawFramesTest {

    private static final int FINAL = 0x80;
    private static final byte[] PING = text("{\"id\":9,\"op\":\"ping\"}");
    private static final String OK = "reply 0";
    private static final String BAD = "reply -10014";

    private static RunningNode node;
    private static TestClient healthy;

    @BeforeAll
    static void start() {
        node = RunningNode.unhurried("limits.badFramesPerMinute", "1000000");
        healthy = node.login("healthy");
        healthy.lock("setLock", "l");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /**
     * Bytes after a login, and what comes of them.
     *
     * @param outcome the frames of the server, separated by commas; after a reply or a pong the connection is still good
     */
    record Row(String name, String outcome, byte[] bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> frames() {
        List<Row> rows = new ArrayList<>();
        texts(rows);
        encodings(rows);
        fragments(rows);
        lengths(rows);
        faults(rows);
        control(rows);
        closing(rows);
        return rows.stream();
    }

    private static void add(List<Row> rows, String name, String outcome, byte[]... parts) {
        rows.add(new Row(name, outcome, join(parts)));
    }

    private static void texts(List<Row> rows) {
        String deep = "[".repeat(20_000) + "]".repeat(20_000);
        add(rows, "a request", OK, PING);
        add(rows, "a masked request of 126 bytes", OK, text(padded(126)));
        add(rows, "a masked request of 65,535 bytes", OK, text(padded(65_535)));
        add(rows, "a masked request of 65,536 bytes", OK, text(padded(65_536)));
        add(rows, "two requests in one packet", OK + "," + OK, PING, PING);
        add(rows, "an empty text frame", BAD, text(""));
        add(rows, "white space", BAD, text(" \n\t "));
        add(rows, "garbage", BAD, text("GET / HTTP/1.1"));
        add(rows, "a NUL", BAD, text("\0"));
        add(rows, "NULs after a request", BAD, text("{\"id\":9,\"op\":\"ping\"}\0\0"));
        add(rows, "a NUL in a string", BAD, text("{\"id\":9,\"op\":\"pi\0ng\"}"));
        add(rows, "an escaped NUL in a name", "reply -10008", text(request("\"channel\":\"a\\u0000\"")));
        add(rows, "a lone surrogate in a name", "reply -10008", text(request("\"channel\":\"\\ud800\"")));
        add(rows, "a lone surrogate in an unknown field", OK, text("{\"id\":9,\"op\":\"ping\",\"x\":\"\\udc00\"}"));
        add(rows, "a byte order mark", BAD, text("\ufeff{\"id\":9,\"op\":\"ping\"}"));
        add(rows, "deep arrays", BAD, text("{\"id\":9,\"op\":\"ping\",\"x\":" + deep + "}"));
        add(rows, "deep objects", BAD, text("{\"id\":9,\"op\":\"ping\",\"x\":" + "{\"a\":".repeat(10_000) + "1}"));
        add(rows, "deep arrays at the top", BAD, text(deep));
        add(
                rows,
                "deep data",
                BAD,
                text("{\"id\":9,\"op\":\"setChannelMetadata\",\"channel\":\"c\",\"data\":" + deep + "}"));
        add(rows, "a long number", BAD, text("{\"id\":9,\"op\":\"ping\",\"x\":" + "9".repeat(60_000) + "}"));
        add(rows, "a long exponent", BAD, text("{\"id\":9,\"op\":\"ping\",\"x\":1e" + "9".repeat(60_000) + "}"));
        add(rows, "a huge exponent", OK, text("{\"id\":9,\"op\":\"ping\",\"x\":1e999999999}"));
        add(rows, "a long id", BAD, text("{\"id\":" + "9".repeat(60_000) + ",\"op\":\"ping\"}"));
        add(rows, "an id of 2^63", BAD, text("{\"id\":9223372036854775808,\"op\":\"ping\"}"));
        add(rows, "a long name", BAD, text("{\"id\":9,\"" + "x".repeat(60_000) + "\":1,\"op\":\"ping\"}"));
        add(rows, "a long string", OK, text("{\"id\":9,\"x\":\"" + "x".repeat(60_000) + "\",\"op\":\"ping\"}"));
        add(rows, "duplicate keys", BAD, text("{\"id\":9,\"op\":\"ping\",\"x\":1,\"x\":2}"));
        add(rows, "duplicate keys, one escaped", BAD, text("{\"id\":9,\"op\":\"ping\",\"\\u006fp\":\"logout\"}"));
        add(rows, "an escaped key", OK, text("{\"id\":9,\"\\u006fp\":\"ping\"}"));
        add(rows, "many fields", OK, text("{\"id\":9,\"op\":\"ping\"" + fields(6_000) + "}"));
    }

    private static void encodings(List<Row> rows) {
        byte[] valid = "{\"id\":9,\"op\":\"ping\",\"x\":\"ä€😀\"}".getBytes(StandardCharsets.UTF_8);
        add(rows, "all lengths of UTF-8", OK, frame(FINAL | 1, valid));
        add(rows, "a replacement character", OK, text("{\"id\":9,\"op\":\"ping\",\"x\":\"\ufffd\"}"));
        for (int at = 25; at < valid.length - 2; at++) {
            byte[] first = Arrays.copyOf(valid, at);
            byte[] rest = Arrays.copyOfRange(valid, at, valid.length);
            add(rows, "UTF-8 split at byte " + at, OK, frame(1, first), frame(FINAL, rest));
        }
        add(rows, "a byte that is never UTF-8", "close 1007", frame(FINAL | 1, quoted(0xff)));
        add(rows, "an overlong slash", "close 1007", frame(FINAL | 1, quoted(0xc0, 0xaf)));
        add(rows, "an encoded surrogate", "close 1007", frame(FINAL | 1, quoted(0xed, 0xa0, 0x80)));
        add(rows, "beyond Unicode", "close 1007", frame(FINAL | 1, quoted(0xf4, 0x90, 0x80, 0x80)));
        add(rows, "a lone continuation byte", "close 1007", frame(FINAL | 1, quoted(0x80)));
        add(rows, "a character cut off", "close 1007", frame(FINAL | 1, bytes(0xe2, 0x82)));
        add(
                rows,
                "half a character in the last fragment",
                "close 1007",
                frame(1, bytes('"', 0xe2)),
                frame(FINAL, bytes(0x82)));
        add(rows, "invalid UTF-8 split", "close 1007", frame(1, bytes(0xc3)), frame(FINAL, bytes(0x28)));
    }

    private static void fragments(List<Row> rows) {
        byte[] request = "{\"id\":9,\"op\":\"ping\"}".getBytes(StandardCharsets.US_ASCII);
        byte[][] single = new byte[request.length][];
        for (int i = 0; i < request.length; i++) {
            int first = i == 0 ? 1 : i == request.length - 1 ? FINAL : 0;
            single[i] = frame(first, request[i]);
        }
        add(rows, "a request byte by byte", OK, single);
        add(rows, "an empty first fragment", OK, frame(1), frame(FINAL, request));
        add(rows, "an empty last fragment", OK, frame(1, request), frame(FINAL));
        add(rows, "a thousand empty fragments", OK, frame(1), repeat(frame(0), 1_000), frame(FINAL, request));
        add(
                rows,
                "a ping between fragments",
                "pong 1," + OK,
                frame(1),
                frame(FINAL | 9, bytes(7)),
                frame(FINAL, request));
        add(rows, "a pong between fragments", OK, frame(1), frame(FINAL | 10, bytes(7)), frame(FINAL, request));
        add(rows, "a close between fragments", "close 1000", frame(1, request), frame(FINAL | 8, bytes(3, 232)));
        add(rows, "continuation of nothing", "close 1002", frame(FINAL, request));
        add(rows, "continuation of nothing, not the last", "close 1002", frame(0, request));
        add(rows, "text within fragments", "close 1002", frame(1, bytes('{')), PING);
        add(rows, "fragmented text within fragments", "close 1002", frame(1, bytes('{')), frame(1, request));
        add(rows, "fragments beyond the limit", "close 1009", frame(1), repeat(frame(0, new byte[1_000]), 66));
        add(
                rows,
                "a second frame beyond the limit",
                "close 1009",
                frame(1, new byte[65_000]),
                frame(FINAL, new byte[600]));
        add(rows, "fragmented binary", "close 1003", frame(2, bytes('{')), frame(FINAL, bytes('}')));
    }

    private static void lengths(List<Row> rows) {
        add(rows, "a frame of 65,537 bytes", "close 1009", text(padded(65_537)));
        add(rows, "a length of 2^31-1", "close 1009", header(FINAL | 1, Integer.MAX_VALUE));
        add(rows, "a length of 2^31", "close 1009", header(FINAL | 1, 1L << 31));
        add(rows, "a length of 2^32+5", "close 1009", header(FINAL | 1, (1L << 32) + 5));
        add(rows, "a length of 2^63-1", "close 1009", header(FINAL | 1, Long.MAX_VALUE));
        add(rows, "a length of 2^63", "close 1002", header(FINAL | 1, Long.MIN_VALUE));
        add(rows, "a length of 2^64-1", "close 1002", header(FINAL | 1, -1));
        add(
                rows,
                "5 bytes in a 64-bit length",
                "close 1002",
                header(FINAL | 1, 5),
                "hello".getBytes(StandardCharsets.US_ASCII));
        byte[] wide = {(byte) 0x81, (byte) 0xfe, 0, 5, 0, 0, 0, 0, 'h', 'e', 'l', 'l', 'o'};
        add(rows, "5 bytes in a 16-bit length", "close 1002", wide);
    }

    private static void faults(List<Row> rows) {
        add(rows, "binary", "close 1003", frame(FINAL | 2, bytes(1, 2)));
        add(rows, "empty binary", "close 1003", frame(FINAL | 2));
        for (int opcode : List.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15)) {
            add(rows, "reserved opcode " + opcode, "close 1002", frame(FINAL | opcode, bytes('x')));
        }
        add(rows, "reserved bit 1", "close 1002", frame(0xc1, bytes('x')));
        add(rows, "reserved bit 2", "close 1002", frame(0xa1, bytes('x')));
        add(rows, "reserved bit 3", "close 1002", frame(0x91, bytes('x')));
        add(rows, "a reserved bit in a ping", "close 1002", frame(0xc9));
        add(rows, "a reserved bit in a continuation", "close 1002", frame(1, bytes('{')), frame(0xc0, bytes('}')));
        byte[] unmasked = "__{\"id\":9,\"op\":\"ping\"}".getBytes(StandardCharsets.US_ASCII);
        unmasked[0] = (byte) 0x81;
        unmasked[1] = (byte) (unmasked.length - 2);
        add(rows, "an unmasked frame", "close 1002", unmasked);
        add(rows, "an unmasked ping", "close 1002", bytes(0x89, 0));
        add(rows, "an unmasked close", "close 1002", bytes(0x88, 2, 3, 232));
        add(
                rows,
                "HTTP instead of a frame",
                "close 1002",
                "GET /rtm HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        add(rows, "TLS instead of a frame", "close 1002", bytes(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3));
        add(rows, "ones", "close 1002", repeat(bytes(0xff), 100));
    }

    private static void control(List<Row> rows) {
        add(rows, "an empty ping", "pong 0", frame(FINAL | 9));
        add(rows, "a ping of 125 bytes", "pong 125", frame(FINAL | 9, new byte[125]));
        add(rows, "a ping of 126 bytes", "close 1002", frame(FINAL | 9, new byte[126]));
        add(rows, "a pong that nobody asked for", OK, frame(FINAL | 10, bytes(1, 2)), PING);
        add(rows, "a pong of 126 bytes", "close 1002", frame(FINAL | 10, new byte[126]));
        add(rows, "a fragmented ping", "close 1002", frame(9, bytes(1)));
        add(rows, "a fragmented pong", "close 1002", frame(10, bytes(1)));
        add(rows, "a fragmented close", "close 1002", frame(8, bytes(3, 232)));
        add(rows, "a close of 126 bytes", "close 1002", frame(FINAL | 8, new byte[126]));
        add(
                rows,
                "a hundred pings",
                "pong 1".repeat(100).replace("1p", "1,p"),
                repeat(frame(FINAL | 9, bytes(1)), 100));
    }

    private static void closing(List<Row> rows) {
        add(rows, "close 1000", "close 1000", closeFrame(1000, ""));
        add(rows, "close 1000 with a reason", "close 1000", closeFrame(1000, "bye"));
        add(rows, "close 3000", "close 3000", closeFrame(3000, ""));
        add(rows, "close 4999", "close 4999", closeFrame(4999, "x".repeat(123)));
        add(rows, "close without a code", "close 1000", frame(FINAL | 8));
        add(rows, "close with half a code", "close 1002", frame(FINAL | 8, bytes(3)));
        for (int code : List.of(0, 999, 1004, 1005, 1006, 1015, 2999)) {
            add(rows, "close " + code, "close 1002", closeFrame(code, ""));
        }
        add(rows, "close with a reason that is not UTF-8", "close 1007", frame(FINAL | 8, bytes(3, 232, 0xff)));
        add(rows, "requests after a close", "close 1000", closeFrame(1000, ""), PING, PING);
    }

    @ParameterizedTest
    @MethodSource
    void frames(Row row) {
        try (RawClient client = RawClient.loggedIn(node.port(), "raw")) {
            client.write(row.bytes);
            List<String> outcome = new ArrayList<>();
            for (int i = 0; i < row.outcome.split(",", -1).length; i++) {
                outcome.add(outcome(client.next()));
            }
            assertThat(String.join(",", outcome)).isEqualTo(row.outcome);
            if (row.outcome.contains("close")) {
                assertThat(outcome(client.next())).isEqualTo("end");
            } else {
                client.write(PING);
                assertThat(outcome(client.next())).isEqualTo(OK);
            }
        }
        serves();
    }

    /** An unfinished frame is waited for; an end in the middle of one is an end. */
    @Test
    void cutShort_isTheEnd() {
        for (int length = 1; length < PING.length; length++) {
            try (RawClient client = RawClient.loggedIn(node.port(), "raw")) {
                client.write(Arrays.copyOf(PING, length));
                client.endOutput();
                assertThat(client.next().outcome()).isIn("end", "close 1002", "close 1006");
            }
        }
        serves();
    }

    static Stream<String> upgrades() {
        String end = "\r\n\r\n";
        String start = "GET /rtm HTTP/1.1\r\nHost: x\r\n";
        String key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        String upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
        return Stream.of(
                "\r\n\r\n\r\n\r\n",
                "\0\0\0\0" + end,
                "hello" + end,
                "GET" + end,
                "GET /rtm" + end,
                "GET /rtm HTTP/9.9" + end,
                "GET rtm HTTP/1.1" + end,
                start + end,
                start + upgrade + end,
                start + upgrade + "Sec-WebSocket-Version: 13" + end,
                start + upgrade + key + end,
                start + upgrade + key + "Sec-WebSocket-Version: 99" + end,
                start + upgrade + key + "Sec-WebSocket-Version: x" + end,
                start + "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAA" + end,
                "PRI * HTTP/2.0\r\n\r\nSM" + end,
                "POST /rtm HTTP/1.1\r\nHost: x\r\n" + upgrade + key + "Sec-WebSocket-Version: 13\r\nContent-Length: 0"
                        + end,
                "GET /" + "x".repeat(100_000) + " HTTP/1.1" + end,
                start + "X: " + "x".repeat(100_000) + end,
                start + "X: y\r\n".repeat(20_000) + end,
                start + "Content-Length: -1" + end,
                start + "Transfer-Encoding: chunked\r\n\r\nzz" + end,
                "GET /%zz HTTP/1.1\r\nHost: x" + end,
                "GET /../../etc/passwd HTTP/1.1\r\nHost: x" + end,
                "GET /sdk/..%2f..%2fconf/rtm-locks.yaml HTTP/1.1\r\nHost: x" + end);
    }

    /** Nothing but a proper upgrade becomes a WebSocket; whoever sends something else is answered in HTTP, or cut. */
    @ParameterizedTest
    @MethodSource
    void upgrades(String request) {
        try (RawClient client = new RawClient(node.port())) {
            client.write(request.getBytes(StandardCharsets.ISO_8859_1));
            client.endOutput();
            assertThat(client.readHead())
                    .doesNotStartWith("HTTP/1.1 101")
                    .matches("(?s)(HTTP/\\d\\.\\d [45]\\d\\d .*|<end>)");
        }
        serves();
    }

    private static void serves() {
        healthy.lock("acquireLock", "l");
        healthy.lock("releaseLock", "l");
    }

    private static String outcome(RawClient.Received received) {
        String text = received.text();
        return received.opcode() == RawClient.TEXT
                ? "reply " + text.replaceAll("(?s).*\"errorCode\":(-?\\d+).*", "$1")
                : received.outcome();
    }

    private static String request(String fields) {
        return "{\"id\":9,\"op\":\"getLock\"," + fields + "}";
    }

    private static String padded(int bytes) {
        String head = "{\"id\":9,\"op\":\"ping\",\"x\":\"";
        return head + "x".repeat(bytes - head.length() - 2) + "\"}";
    }

    private static String fields(int count) {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < count; i++) {
            fields.append(",\"").append(i).append("\":1");
        }
        return fields.toString();
    }

    private static byte[] quoted(int... middle) {
        return join(
                "{\"id\":9,\"op\":\"ping\",\"x\":\"".getBytes(StandardCharsets.US_ASCII),
                bytes(middle),
                bytes('"', '}'));
    }

    private static byte[] closeFrame(int code, String reason) {
        return frame(FINAL | 8, join(bytes(code >> 8, code), reason.getBytes(StandardCharsets.UTF_8)));
    }

    /** The head of a masked frame with a length of 64 bits. */
    private static byte[] header(int firstByte, long length) {
        return ByteBuffer.allocate(14)
                .put((byte) firstByte)
                .put((byte) 0xff)
                .putLong(length)
                .array();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] repeat(byte[] part, int times) {
        byte[][] parts = new byte[times][];
        Arrays.fill(parts, part);
        return join(parts);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
