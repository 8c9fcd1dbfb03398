// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A leader's ends of the conversations with gateways; see {@link CommandBatch}.
 *
 * <p>What is for a gateway without a conversation is dropped: it begins one, and tells what it waits for. Confined to the
 * shard's context.
 */
final class Lines {

    private final int shard;
    private final NodeBus bus;
    private final Map<String, Line> byGateway = new HashMap<>();

    Lines(int shard, NodeBus bus) {
        this.shard = shard;
        this.bus = bus;
    }

    /** @return whether the message is the next of its stream, or the first of a new one */
    boolean isNext(CommandBatch batch) {
        Line line = byGateway.get(batch.gateway());
        if (batch.number() == 0 && (line == null || batch.stream() > line.stream)) {
            line = new Line(batch.stream());
            byGateway.put(batch.gateway(), line);
        } else if (line == null || line.stream != batch.stream() || line.heard != batch.number()) {
            return false;
        }
        line.heard++;
        return true;
    }

    /** A message could not be taken: the conversation is over. */
    void end(String gateway) {
        byGateway.remove(gateway);
    }

    void endAll() {
        byGateway.clear();
    }

    /** @return the message, null when there is no conversation */
    @Nullable
    DeliveryBatch say(String gateway, List<Delivery> deliveries, long committedNanos) {
        Line line = byGateway.get(gateway);
        if (line == null) {
            return null;
        }
        DeliveryBatch batch = new DeliveryBatch(shard, line.stream, line.said++, deliveries, committedNanos);
        bus.send(gateway, batch);
        return batch;
    }

    /** Gateways that are gone do not begin again. */
    void keepOnly(NodeBus.Nodes nodes) {
        byGateway.keySet().removeIf(gateway -> !nodes.isPresent(gateway));
    }

    /** How far each conversation is. */
    List<Leads.Line> all() {
        List<Leads.Line> lines = new ArrayList<>();
        byGateway.forEach((gateway, line) -> lines.add(new Leads.Line(gateway, line.stream, line.heard, line.said)));
        return lines;
    }

    private static final class Line {
        private final long stream;
        private long heard;
        private long said;

        Line(long stream) {
            this.stream = stream;
        }
    }
}
