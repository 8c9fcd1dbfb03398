// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Ports of this machine on which nobody listens just now. */
public final class FreePorts {

    /** Below the ports that systems give to whoever asks for any. */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST_FIRST = 28_000;
    private static final int TRIES_MAX = 100;

    private FreePorts() {}

    public static int one() {
        return some(1).get(0);
    }

    /** @return as many different ones, that no connection is given meanwhile */
    public static List<Integer> some(int count) {
        return ThreadLocalRandom.current()
                .ints(LOWEST, HIGHEST_FIRST)
                .distinct()
                .filter(FreePorts::isFree)
                .limit(count)
                .boxed()
                .toList();
    }

    /** @return the first port for {@code dev} with as many nodes: those for clients, management, members and their bus are all free */
    public static int firstForDev(int nodes) {
        return IntStream.generate(() -> ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST_FIRST))
                .limit(TRIES_MAX)
                .filter(first -> IntStream.of(0, 1_000, 2_000, 2_100)
                        .flatMap(after -> IntStream.range(first + after, first + after + nodes))
                        .allMatch(FreePorts::isFree))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
