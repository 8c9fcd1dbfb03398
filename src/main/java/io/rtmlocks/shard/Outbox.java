// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import io.rtmlocks.telemetry.LogEvent;
import io.vertx.core.Context;
import io.vertx.core.eventbus.EventBus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is for other nodes: what is posted to one of them in one turn of the event loop travels as one message, which costs as
 * much as a single small one. Any context may post; what one posts to one node stays in order.
 */
final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final EventBus bus;
    private final Context context;
    private final Queue<Posted> posted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isFlushDue = new AtomicBoolean();

    private record Posted(String receiver, NodeMessage message) {}

    /** @param context from which it sends */
    Outbox(EventBus bus, Context context) {
        this.bus = bus;
        this.context = context;
    }

    void post(String receiver, NodeMessage message) {
        posted.add(new Posted(receiver, message));
        if (isFlushDue.compareAndSet(false, true)) {
            context.runOnContext(v -> flush());
        }
    }

    private void flush() {
        isFlushDue.set(false);
        Map<String, List<NodeMessage>> byReceiver = new LinkedHashMap<>();
        for (Posted next = posted.poll(); next != null; next = posted.poll()) {
            byReceiver.computeIfAbsent(next.receiver, none -> new ArrayList<>()).add(next.message);
        }
        byReceiver.forEach(this::send);
    }

    /** Vert.x may throw where the connection to a node ends just then: what was for that one is lost, and not what is for others. */
    private void send(String receiver, List<NodeMessage> messages) {
        byte[] body = NodeMessageCodec.encode(messages.size() == 1 ? messages.get(0) : new Bundle(messages));
        try {
            bus.send(receiver, body);
        } catch (IllegalStateException e) {
            LogEvent.MESSAGE_LOST
                    .on(LOG)
                    .addKeyValue("node", receiver)
                    .setCause(e)
                    .log();
        }
    }
}
