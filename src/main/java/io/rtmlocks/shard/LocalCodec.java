// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Hands immutable messages over within one node, as they are.
 *
 * @param type the class of the messages
 */
record LocalCodec<T>(Class<T> type) implements MessageCodec<T, T> {

    /** Registers the codecs of all messages between shards and gateways. */
    static void register(EventBus bus) {
        register(bus, CommandBatch.class);
        register(bus, CommandBatch.Disinterest.class);
        register(bus, DeliveryBatch.class);
    }

    private static <T> void register(EventBus bus, Class<T> type) {
        bus.registerDefaultCodec(type, new LocalCodec<>(type));
    }

    @Override
    public void encodeToWire(Buffer buffer, T message) {
        throw new UnsupportedOperationException("a single node has nobody to send to");
    }

    @Override
    public T decodeFromWire(int position, Buffer buffer) {
        throw new UnsupportedOperationException("a single node has nobody to hear from");
    }

    @Override
    public T transform(T message) {
        return message;
    }

    @Override
    public String name() {
        return type.getName();
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
