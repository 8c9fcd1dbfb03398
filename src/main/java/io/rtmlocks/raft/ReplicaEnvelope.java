// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.raft;

import io.rtmlocks.wire.BadMessageException;
import io.rtmlocks.wire.BinaryReader;
import io.rtmlocks.wire.NodeCodec;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A message of one replica to another, with who they are, and by which charter. Without content it is the order to start again;
 * a single byte says no more than who sent it. A checksum closes it: a damaged vote must not count.
 */
@SuppressWarnings("ArrayRecordComponent") // opened, and never compared
record ReplicaEnvelope(String charter, Endpoint sender, Endpoint receiver, byte[] content) {

    private static final int KIND = 5;
    private static final byte[] ORDER_TO_RESTART = {};
    private static final byte[] GREETING = {0};
    private static final int CHECKSUM_BYTES = 4;

    static byte[] seal(String charter, Endpoint sender, Endpoint receiver, byte[] content) {
        return closed(NodeCodec.begin(KIND)
                .text(charter)
                .text(sender.node())
                .text(sender.incarnation())
                .text(receiver.node())
                .text(receiver.incarnation())
                .bytes(content)
                .toBytes());
    }

    static byte[] closed(byte[] letter) {
        return ByteBuffer.allocate(letter.length + CHECKSUM_BYTES)
                .put(letter)
                .putInt(checksum(letter, letter.length))
                .array();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, length);
        return (int) checksum.getValue();
    }

    static byte[] orderToRestart(String charter, Endpoint sender, Endpoint receiver) {
        return seal(charter, sender, receiver, ORDER_TO_RESTART);
    }

    static byte[] greeting(String charter, Endpoint sender, Endpoint receiver) {
        return seal(charter, sender, receiver, GREETING);
    }

    /** @return null for what is no such message, or came damaged */
    static @Nullable ReplicaEnvelope open(byte[] message) {
        int length = message.length - CHECKSUM_BYTES;
        if (length < 0 || ByteBuffer.wrap(message).getInt(length) != checksum(message, length)) {
            return null;
        }
        try {
            BinaryReader in = NodeCodec.open(new BinaryReader(message, length), KIND);
            String charter = in.text();
            Endpoint sender = new Endpoint(in.text(), in.text());
            Endpoint receiver = new Endpoint(in.text(), in.text());
            byte[] content = in.bytes();
            in.end();
            return new ReplicaEnvelope(charter, sender, receiver, content);
        } catch (BadMessageException e) {
            return null;
        }
    }

    boolean isOrderToRestart() {
        return content.length == ORDER_TO_RESTART.length;
    }

    boolean isGreeting() {
        return content.length == GREETING.length;
    }
}
