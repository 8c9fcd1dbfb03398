// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** One Redis with its defaults: no append-only file, a snapshot now and then. */
final class RedisServer implements AutoCloseable {
    private static final String VERSION_MARK = "v=";

    private final ServerProcess process;
    private final int port;
    private final String version;

    private RedisServer(ServerProcess process, int port, String version) {
        this.process = process;
        this.port = port;
        this.version = version;
    }

    static RedisServer start() throws IOException, InterruptedException, MissingException {
        String program = ServerProcess.program("redis-server", "redis-server").toString();
        Path directory = ServerProcess.newDirectory();
        int port = ServerProcess.freePorts(1).get(0);
        ServerProcess process = ServerProcess.start(
                directory, List.of(program, "--bind", "127.0.0.1", "--port", "" + port, "--dir", directory.toString()));
        process.awaitPort(port);
        return new RedisServer(process, port, version(program));
    }

    private static String version(String program) throws IOException {
        String said = Versions.ask(program, "--version");
        return said.substring(said.indexOf(VERSION_MARK) + VERSION_MARK.length())
                .split(" ")[0];
    }

    String address() {
        return "redis://127.0.0.1:" + port;
    }

    List<Long> pids() {
        return List.of(process.pid());
    }

    String sentence() {
        return "Redis " + version + ", one node, defaults: no append-only file, a snapshot now and then";
    }

    @Override
    public void close() {
        process.close();
    }
}
