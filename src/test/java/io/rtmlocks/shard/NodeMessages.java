// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.wire.BadMessageException;
import java.util.List;

/** Messages between nodes, for tests that stand between them. */
public final class NodeMessages {

    private NodeMessages() {}

    /** @param message any that a node may send */
    public static byte[] encoded(Object message) {
        return NodeMessageCodec.encode((NodeMessage) message);
    }

    public static Object decoded(byte[] bytes) {
        try {
            return NodeMessageCodec.decode(bytes);
        } catch (BadMessageException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** What travels together, each by itself. */
    public static List<?> opened(byte[] bytes) {
        Object message = decoded(bytes);
        return message instanceof Bundle bundle ? bundle.messages() : List.of(message);
    }
}
