// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.locks.InterProcessMutex;
import org.apache.curator.retry.ExponentialBackoffRetry;

/** ZooKeeper with Curator's {@code InterProcessMutex}, which takes the thread for the owner: each lock of a user has one. */
final class ZooKeeperPeer implements Peer {
    private static final Path JAR = Path.of("/usr/share/java/zookeeper.jar");
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final String SETTINGS = """
            tickTime=2000
            initLimit=10
            syncLimit=5
            admin.enableServer=false
            clientPortAddress=127.0.0.1
            clientPort=%d
            dataDir=%s
            %s
            """;

    private final List<ServerProcess> nodes = new ArrayList<>();
    private final List<CuratorFramework> clients = new ArrayList<>();
    private final Map<String, PeerLock> locks = new ConcurrentHashMap<>();
    private final String version;

    ZooKeeperPeer(int nodeCount) throws IOException, InterruptedException, MissingException {
        if (!Files.exists(JAR)) {
            throw new MissingException("zookeeper");
        }
        version = Versions.ask(JAVA.toString(), "-cp", JAR.toString(), "org.apache.zookeeper.version.VersionInfoMain")
                .replaceFirst(".*version ", "")
                .split(" ")[0];
        List<Integer> ports = ServerProcess.freePorts(3 * nodeCount);
        String ensemble = nodeCount == 1 ? "" : ensemble(ports.subList(nodeCount, 3 * nodeCount));
        for (int i = 0; i < nodeCount; i++) {
            nodes.add(node(i, ports.get(i), ensemble));
        }
        for (int i = 0; i < nodeCount; i++) {
            nodes.get(i).awaitPort(ports.get(i));
            clients.add(client(ports.get(i)));
        }
    }

    private static String ensemble(List<Integer> ports) {
        return IntStream.range(0, ports.size() / 2)
                .mapToObj(i -> "server.%d=127.0.0.1:%d:%d".formatted(i + 1, ports.get(2 * i), ports.get(2 * i + 1)))
                .collect(Collectors.joining("\n"));
    }

    private static ServerProcess node(int index, int port, String ensemble) throws IOException {
        Path directory = ServerProcess.newDirectory();
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("myid"), "" + (index + 1));
        Path settings = Files.writeString(directory.resolve("zoo.cfg"), SETTINGS.formatted(port, data, ensemble));
        return ServerProcess.start(
                directory,
                List.of(
                        JAVA.toString(),
                        "-cp",
                        JAR.toString(),
                        "org.apache.zookeeper.server.quorum.QuorumPeerMain",
                        settings.toString()));
    }

    private static CuratorFramework client(int port) throws InterruptedException {
        CuratorFramework client =
                CuratorFrameworkFactory.newClient("127.0.0.1:" + port, new ExponentialBackoffRetry(1000, 3));
        client.start();
        client.blockUntilConnected();
        return client;
    }

    @Override
    public PeerLock lock(int user, String name) {
        return locks.computeIfAbsent(user + "/" + name, key -> lock(clients.get(user % clients.size()), name));
    }

    private static PeerLock lock(CuratorFramework client, String name) {
        InterProcessMutex mutex = new InterProcessMutex(client, "/locks/" + name);
        return new BlockingLock(
                () -> {
                    mutex.acquire();
                    return null;
                },
                () -> {
                    mutex.release();
                    return null;
                });
    }

    @Override
    public List<Long> servers() {
        return nodes.stream().map(ServerProcess::pid).toList();
    }

    @Override
    public String client() {
        return "Curator " + Versions.ofJar(InterProcessMutex.class)
                + ", InterProcessMutex, one client a node, a thread a lock";
    }

    @Override
    public String server() {
        return "ZooKeeper " + version + ", nodes: " + nodes.size() + ", defaults: every change synced to disk";
    }

    @Override
    public void close() {
        clients.forEach(CuratorFramework::close);
        nodes.forEach(ServerProcess::close);
    }
}
