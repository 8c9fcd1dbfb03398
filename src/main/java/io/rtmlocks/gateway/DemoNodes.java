// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * The nodes that the demo page may connect to, told by {@code /nodes.json} beside it. Only nodes for trying things out tell of
 * others; the file in the jar, which all others serve, names none.
 */
public record DemoNodes(List<DemoNode> nodes) {

    /** @param url of its WebSocket, as a page on this machine would open it */
    public record DemoNode(String name, String url) {}

    public static final DemoNodes NONE = new DemoNodes(List.of());

    public DemoNodes {
        nodes = List.copyOf(nodes);
    }

    Buffer toJson() {
        JsonArray told = new JsonArray();
        nodes.forEach(node -> told.add(new JsonObject().put("name", node.name()).put("url", node.url())));
        return new JsonObject().put("nodes", told).toBuffer();
    }
}
