// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.rtmlocks.FreePorts;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where a node runs, and stays when it is started again.
 *
 * @param prefix the command that leads there, before that of the node itself; empty when it runs where the test does
 */
record NodePlace(String meshHost, int meshPort, String webHost, int webPort, int managementPort, List<String> prefix) {

    private static final String LOOPBACK = "127.0.0.1";

    static List<NodePlace> onLoopback(int size) throws IOException {
        List<Integer> ports = FreePorts.some(3 * size);
        return IntStream.range(0, size)
                .mapToObj(i -> new NodePlace(
                        LOOPBACK, ports.get(i), LOOPBACK, ports.get(size + i), ports.get(2 * size + i), List.of()))
                .toList();
    }
}
