// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.support.Observers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** etcd's lock API. Each user has a lease that is kept alive; the users are spread over the nodes. */
final class EtcdPeer implements Peer {
    private static final int LEASE_SECONDS = 30;

    private final List<ServerProcess> nodes = new ArrayList<>();
    private final List<Client> clients = new ArrayList<>();
    private final Map<Integer, Long> leases = new ConcurrentHashMap<>();
    private final String version;

    EtcdPeer(int nodeCount) throws IOException, InterruptedException, MissingException {
        String program = ServerProcess.program("etcd", "etcd-server").toString();
        version = Versions.ask(program, "--version").replace("etcd Version: ", "");
        List<Integer> ports = ServerProcess.freePorts(2 * nodeCount);
        List<Integer> peerPorts = ports.subList(nodeCount, 2 * nodeCount);
        String cluster = IntStream.range(0, nodeCount)
                .mapToObj(i -> "n" + i + "=" + url(peerPorts.get(i)))
                .collect(Collectors.joining(","));
        for (int i = 0; i < nodeCount; i++) {
            nodes.add(node(program, "n" + i, url(ports.get(i)), url(peerPorts.get(i)), cluster));
        }
        for (int i = 0; i < nodeCount; i++) {
            nodes.get(i).awaitPort(ports.get(i));
            clients.add(Client.builder().endpoints(url(ports.get(i))).build());
        }
    }

    private static ServerProcess node(String program, String name, String url, String peerUrl, String cluster)
            throws IOException {
        Path directory = ServerProcess.newDirectory();
        return ServerProcess.start(
                directory,
                List.of(
                        program,
                        "--name=" + name,
                        "--data-dir=" + directory.resolve("data"),
                        "--listen-client-urls=" + url,
                        "--advertise-client-urls=" + url,
                        "--listen-peer-urls=" + peerUrl,
                        "--initial-advertise-peer-urls=" + peerUrl,
                        "--initial-cluster=" + cluster));
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public PeerLock lock(int user, String name) {
        Client client = clients.get(user % clients.size());
        return new Lock(client, bytes(name), leases.computeIfAbsent(user, key -> lease(client)));
    }

    private static long lease(Client client) {
        long lease = client.getLeaseClient().grant(LEASE_SECONDS).join().getID();
        client.getLeaseClient().keepAlive(lease, Observers.observer(answer -> {}));
        return lease;
    }

    private static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    @Override
    public List<Long> servers() {
        return nodes.stream().map(ServerProcess::pid).toList();
    }

    @Override
    public String client() {
        return "jetcd " + Versions.ofJar(Client.class) + ", lock API, async, one client a node, one lease a user";
    }

    @Override
    public String server() {
        return "etcd " + version + ", nodes: " + nodes.size() + ", defaults: every change synced to disk";
    }

    @Override
    public void close() {
        clients.forEach(Client::close);
        nodes.forEach(ServerProcess::close);
    }

    private static final class Lock implements PeerLock {
        private final Client client;
        private final ByteSequence name;
        private final long lease;
        private volatile ByteSequence held = ByteSequence.EMPTY;

        Lock(Client client, ByteSequence name, long lease) {
            this.client = client;
            this.name = name;
            this.lease = lease;
        }

        @Override
        public CompletionStage<?> acquire() {
            return client.getLockClient().lock(name, lease).thenAccept(answer -> held = answer.getKey());
        }

        @Override
        public CompletionStage<?> release() {
            return client.getLockClient().unlock(held);
        }
    }
}
