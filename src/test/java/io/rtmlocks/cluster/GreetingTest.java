// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes let each other in when both know the secret of the same cluster; whoever else comes learns nothing and gets nowhere. */
class GreetingTest {

    private static final String OK = "ok";
    private static final Shape C = new Shape("c", 3, 16);
    private static final int SHAPE_BYTES = 2 + 2 * Integer.BYTES;
    private static final int WITHIN_MS = 20_000;
    private static final int SOON_MS = 50;

    private final SecureRandom random = new SecureRandom();
    private ServerSocket server;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void nodes_with_the_same_secret_let_each_other_in() throws Exception {
        assertThat(meet(C, "secret", C, "secret")).containsExactly(OK, OK);
    }

    @Test
    void another_secret_is_refused_and_both_learn_why() throws Exception {
        assertThat(meet(C, "secret", C, "other"))
                .containsExactly("it has another cluster.secret", "it has another cluster.secret, or none");
        assertThat(meet(C, "", C, "secret")[1]).contains("another cluster.secret");
    }

    @Test
    void another_cluster_name_is_refused_and_both_learn_which() throws Exception {
        assertThat(meet(new Shape("trials", 3, 16), "secret", C, "secret"))
                .containsExactly("its cluster.name is c and not trials", "its cluster.name is trials and not c");
    }

    /** They would look for a channel in different shards. */
    @Test
    void another_number_of_shards_is_refused_and_both_learn_which() throws Exception {
        assertThat(meet(new Shape("c", 3, 32), "secret", C, "secret"))
                .containsExactly("its cluster.shards is 16 and not 32", "its cluster.shards is 32 and not 16");
    }

    /** They would not agree on what a majority is. */
    @Test
    void another_size_is_refused_and_both_learn_which() throws Exception {
        assertThat(meet(new Shape("c", 5, 16), "secret", C, "secret"))
                .containsExactly("its cluster.size is 3 and not 5", "its cluster.size is 5 and not 3");
    }

    @Test
    void who_accepts_must_prove_itself_too() throws Exception {
        CompletableFuture<String> accepted = CompletableFuture.supplyAsync(() -> outcome(() -> {
            try (Socket socket = server.accept()) {
                socket.getInputStream().readNBytes(Greeting.HELLO.length + SHAPE_BYTES + Greeting.NONCE_BYTES);
                socket.getOutputStream().write(impostor());
                socket.getInputStream().readNBytes(Greeting.NONCE_BYTES);
                socket.getOutputStream().write(Greeting.WELCOME);
                socket.getOutputStream().write(new byte[Greeting.NONCE_BYTES]);
            }
        }));

        String connected = connect(C, "secret");

        assertThat(connected).isEqualTo("it has another cluster.secret, or none");
        assertThat(accepted.get()).isEqualTo(OK);
    }

    /** What was heard on one connection opens no other, though the cluster's name and the proof are right. */
    @Test
    void a_recorded_proof_is_good_for_its_connection_only() throws Exception {
        ByteArrayOutputStream recorded = new ByteArrayOutputStream();
        CompletableFuture<String> first = accept(C, "secret");
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
                RecordingSocket recording = new RecordingSocket(socket, recorded)) {
            new Greeting(recording, C, ClusterKey.of("c", "secret", "join"), WITHIN_MS).connect(random);
        }
        assertThat(first.get()).isEqualTo(OK);

        assertThat(say(recorded.toByteArray())).contains("another cluster.secret");
    }

    @Test
    void who_does_not_speak_as_a_node_is_refused() throws Exception {
        assertThat(say("GET /hazelcast/rest/cluster HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("it does not speak as a node");
        assertThat(say("CP2".getBytes(StandardCharsets.US_ASCII))).isEqualTo("it said nothing more");
        assertThat(say(new byte[0])).isEqualTo("it said nothing more");
    }

    @Test
    void who_says_nothing_is_not_waited_for() throws Exception {
        try (Socket silent = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            Greeting greeting = new Greeting(accepted, C, ClusterKey.of("c", "secret", "join"), SOON_MS);

            assertThat(outcome(() -> greeting.accept(random))).contains("timed out");
            assertThat(silent.isConnected()).isTrue();
        }
    }

    /** @return how it went for who connects, and for who accepts */
    private String[] meet(Shape cluster, String secret, Shape accepting, String acceptingSecret) throws Exception {
        CompletableFuture<String> accepted = accept(accepting, acceptingSecret);
        return new String[] {connect(cluster, secret), accepted.get()};
    }

    private CompletableFuture<String> accept(Shape cluster, String secret) {
        return CompletableFuture.supplyAsync(() -> outcome(() -> {
            try (Socket socket = server.accept()) {
                new Greeting(socket, cluster, ClusterKey.of(cluster.name(), secret, "join"), WITHIN_MS).accept(random);
            }
        }));
    }

    private String connect(Shape cluster, String secret) {
        return outcome(() -> {
            try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
                new Greeting(socket, cluster, ClusterKey.of(cluster.name(), secret, "join"), WITHIN_MS).connect(random);
            }
        });
    }

    /** Says this to a node and no more. */
    private String say(byte[] bytes) throws Exception {
        CompletableFuture<String> accepted = accept(C, "secret");
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return accepted.get();
        }
    }

    private static byte[] impostor() {
        return ByteBuffer.allocate(SHAPE_BYTES + Greeting.NONCE_BYTES)
                .put((byte) 1)
                .put((byte) 'c')
                .putInt(C.size())
                .putInt(C.shards())
                .array();
    }

    private static String outcome(Step step) {
        try {
            step.run();
            return OK;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private interface Step {
        void run() throws IOException;
    }
}
