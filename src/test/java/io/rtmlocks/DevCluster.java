// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import static io.rtmlocks.gateway.RunningCluster.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code dev --nodes 3} runs, in this process and on free ports; all of it ends with the test. */
public final class DevCluster implements AutoCloseable {

    private static final int NODES = 3;

    private final int firstPort = FreePorts.firstForDev(NODES);
    private final List<Node> nodes;

    /** @param environment variables and values in turn, such as {@code "RTM_LOCK_TTL_MIN_SECONDS", "1"} */
    public DevCluster(String... environment) {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i], environment[i + 1]);
        }
        DevNodes dev = new DevNodes(NODES, firstPort, variables);
        List<Future<Node>> starting = new ArrayList<>();
        dev.configs().forEach(config -> starting.add(Node.start(new VertxOptions(), config, dev.demoNodes())));
        nodes = await(Future.all(starting)).list();
    }

    /** @param index from 0: that of {@code node-1} */
    public Node node(int index) {
        return nodes.get(index);
    }

    /** The port for the clients of {@code node-1}; those of the others follow. */
    public int firstPort() {
        return firstPort;
    }

    /** How many clients are online at this node. */
    public int online(int index) {
        return await(node(index).counts()).online();
    }

    /** This node goes away. */
    public void end(int index) {
        await(node(index).vertx().close());
    }

    @Override
    public void close() {
        await(Future.join(nodes.stream().map(Node::vertx).map(Vertx::close).toList()));
    }
}
