// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * What two nodes say before anything else on a connection, so that each knows that the other has the cluster's secret.
 *
 * <pre>
 * who connects                          who accepts
 * hello, the shape of its cluster,
 * a nonce                          →
 *                                  ←    the shape of this cluster, a nonce
 * proof                            →
 *                                  ←    welcome, proof                   (or: refused)
 * </pre>
 *
 * <p>A proof is a MAC over all that was said, over who says it, and over the address that was connected to: it is good for this
 * connection only, in this direction only. Each step has a length known beforehand, and all of them one deadline. What goes wrong
 * is an {@link IOException}, which ends the connection; a {@link RefusedException} says that the other has a reason.
 */
final class Greeting {

    static final byte[] HELLO = {'R', 'T', 'M', 'L', 2};
    static final int NONCE_BYTES = 32;
    static final byte WELCOME = 1;
    static final byte REFUSED = 0;

    private static final byte[] CONNECTING = {'c'};
    private static final byte[] ACCEPTING = {'a'};
    private static final int PROOF_BYTES = 32;

    private final Socket socket;
    private final Wire wire;
    private final Shape cluster;
    private final ClusterKey key;
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    /** @param withinMs for the other to say all it has to say */
    Greeting(Socket socket, Shape cluster, ClusterKey key, int withinMs) throws IOException {
        this.socket = socket;
        this.wire = new Wire(socket, withinMs);
        this.cluster = cluster;
        this.key = key;
    }

    /** The other is no node of this cluster, or takes this node for none. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String why) {
            super(why);
        }
    }

    /** Greets the node that this one connected to. */
    void connect(SecureRandom random) throws IOException {
        note((InetSocketAddress) socket.getRemoteSocketAddress());
        say(HELLO);
        say(encoded(cluster));
        say(nonce(random));
        expectSame(hearShape());
        hear(NONCE_BYTES);
        wire.write(proof(CONNECTING));
        if (wire.read(1)[0] != WELCOME) {
            throw new RefusedException("it has another cluster.secret");
        }
        expect(ACCEPTING, "it has another cluster.secret, or none");
    }

    /** Greets the node that connected to this one. */
    void accept(SecureRandom random) throws IOException {
        note((InetSocketAddress) socket.getLocalSocketAddress());
        if (!Arrays.equals(hear(HELLO.length), HELLO)) {
            throw new RefusedException("it does not speak as a node");
        }
        Shape other = hearShape();
        hear(NONCE_BYTES);
        say(encoded(cluster));
        say(nonce(random));
        expectSame(other);
        try {
            expect(CONNECTING, "it has another cluster.secret, or none");
        } catch (RefusedException e) {
            wire.write(new byte[] {REFUSED});
            throw e;
        }
        wire.write(new byte[] {WELCOME});
        wire.write(proof(ACCEPTING));
    }

    private void expectSame(Shape other) throws RefusedException {
        String difference = cluster.difference(other);
        if (difference != null) {
            throw new RefusedException(difference);
        }
    }

    private void expect(byte[] who, String otherwise) throws IOException {
        if (!MessageDigest.isEqual(wire.read(PROOF_BYTES), proof(who))) {
            throw new RefusedException(otherwise);
        }
    }

    private byte[] proof(byte[] who) {
        return key.prove(who, said.toByteArray());
    }

    private void note(InetSocketAddress address) {
        byte[] ip = address.getAddress().getAddress();
        said.write(ip.length);
        said.writeBytes(ip);
        said.write(address.getPort() >> Byte.SIZE);
        said.write(address.getPort());
    }

    private void say(byte[] bytes) throws IOException {
        said.writeBytes(bytes);
        wire.write(bytes);
    }

    private byte[] hear(int length) throws IOException {
        byte[] bytes = wire.read(length);
        said.writeBytes(bytes);
        return bytes;
    }

    private Shape hearShape() throws IOException {
        String name = new String(hear(hear(1)[0] & 0xff), StandardCharsets.US_ASCII);
        ByteBuffer numbers = ByteBuffer.wrap(hear(2 * Integer.BYTES));
        return new Shape(name.replaceAll("[^A-Za-z0-9._-]", "?"), numbers.getInt(), numbers.getInt());
    }

    private static byte[] encoded(Shape cluster) {
        byte[] name = cluster.name().getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + name.length + 2 * Integer.BYTES)
                .put((byte) name.length)
                .put(name)
                .putInt(cluster.size())
                .putInt(cluster.shards())
                .array();
    }

    private static byte[] nonce(SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }

    /** Whole blocks of bytes on a socket, until a deadline. */
    private static final class Wire {

        private static final long NANOS_PER_MILLI = 1_000_000;

        private final Socket socket;
        private final long untilNanos;

        Wire(Socket socket, int withinMs) {
            this.socket = socket;
            this.untilNanos = System.nanoTime() + withinMs * NANOS_PER_MILLI;
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        byte[] read(int length) throws IOException {
            byte[] bytes = new byte[length];
            int count = 0;
            while (count < length) {
                socket.setSoTimeout((int) Math.max(1, (untilNanos - System.nanoTime()) / NANOS_PER_MILLI));
                int more = socket.getInputStream().read(bytes, count, length - count);
                if (more < 0) {
                    throw new EOFException("it said nothing more");
                }
                count += more;
            }
            socket.setSoTimeout(0);
            return bytes;
        }
    }
}
