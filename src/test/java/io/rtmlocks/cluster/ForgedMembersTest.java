// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.rtmlocks.FreePorts;
import io.rtmlocks.tls.Certificates;
import io.rtmlocks.tls.Credentials;
import io.rtmlocks.tls.SharedCredentials;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Who does not know the secret of a cluster is no member of it, is sent nothing and is heard by nobody, whatever else they know. */
class ForgedMembersTest {

    private static final String HOST = "127.0.0.1";
    /** The bus address of the first node. */
    private static final String ECHO = "node.n0.1";

    private static final String SECRET = "a secret of the cluster, thirty-two bytes or more";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int ANSWER_BYTES_MAX = 1_000;
    private static final int GIVE_UP_MS = 20_000;

    private final List<Runnable> cleaning = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<Integer> ports = new ArrayList<>();

    @BeforeEach
    void listen() throws IOException {
        log.start();
        logger().addAppender(log);
        ports.addAll(FreePorts.some(3));
    }

    @AfterEach
    void clean() {
        cleaning.forEach(Runnable::run);
        logger().detachAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(Refusals.class);
    }

    @Test
    void a_node_with_the_secret_is_a_member() {
        Node node = new Node(0, "rtm-locks", SECRET);
        Node other = new Node(1, "rtm-locks", SECRET);

        await().atMost(PATIENCE).until(() -> node.members.size() == 2 && other.members.size() == 2);

        Future<Object> answer =
                other.joined.vertx().eventBus().<Object>request(ECHO, "hello").map(m -> m.body());
        assertThat(join(answer)).isEqualTo("hello");
    }

    /** Each has a certificate of its own here; the secret still opens the door of Hazelcast, and not that of the bus. */
    @Test
    void nodes_with_certificates_of_their_own_hear_each_other_and_nobody_else(@TempDir Path directory)
            throws Exception {
        Credentials one = new Certificates(directory, "one").credentials();
        Credentials two = new Certificates(directory, "two").credentials();
        List<X509Certificate> both = List.of(one.chain().get(0), two.chain().get(0));
        Node node = new Node(sealed(settings(0, "rtm-locks", SECRET), one, both));
        Node other = new Node(sealed(settings(1, "rtm-locks", SECRET), two, both));
        await().atMost(PATIENCE).until(() -> node.members.size() == 2 && other.members.size() == 2);

        Future<Object> answer =
                other.joined.vertx().eventBus().<Object>request(ECHO, "hello").map(m -> m.body());
        assertThat(join(answer)).isEqualTo("hello");
        node.heard.clear();

        assertRefused(node, tls());
        assertRefused(
                node,
                tls().setKeyCertOptions(new Certificates(directory, "three")
                        .credentials()
                        .shown()));
    }

    private static ClusterSettings sealed(ClusterSettings plain, Credentials own, List<X509Certificate> authorities) {
        return new ClusterSettings(
                plain.self(),
                plain.host(),
                plain.port(),
                plain.busPort(),
                plain.members(),
                plain.cluster(),
                plain.secret(),
                new ClusterSettings.BusTls(own, authorities));
    }

    @ParameterizedTest
    @ValueSource(strings = {"another secret, which is as long as the right one", ""})
    void a_node_with_another_secret_is_refused_and_both_sides_say_so(String secret) {
        Node node = new Node(0, "rtm-locks", SECRET);
        Node forged = new Node(1, "rtm-locks", secret);

        await().atMost(PATIENCE)
                .until(() -> said("refused a connection to the cluster port", "it has another cluster.secret"));
        await().atMost(PATIENCE)
                .until(() ->
                        said("cannot join another node", "127.0.0.1:" + ports.get(0), "it has another cluster.secret"));
        assertThat(node.members).hasSize(1);
        assertThat(forged.members).hasSize(1);
    }

    @Test
    void a_node_with_another_cluster_name_is_refused_and_both_sides_say_so() {
        Node node = new Node(0, "rtm-locks", SECRET);
        Node forged = new Node(1, "trials", SECRET);

        await().atMost(PATIENCE).until(() -> said("its cluster.name is trials and not rtm-locks"));
        await().atMost(PATIENCE).until(() -> said("its cluster.name is rtm-locks and not trials"));
        assertThat(node.members).hasSize(1);
        assertThat(forged.members).hasSize(1);
    }

    @Test
    void a_node_with_another_number_of_shards_is_refused_and_both_sides_say_so() {
        Node node = new Node(0, "rtm-locks", SECRET);
        Node other = new Node(settings(1, new Shape("rtm-locks", 2, 32), SECRET));

        await().atMost(PATIENCE)
                .until(() -> said("refused a connection to the cluster port", "its cluster.shards is 32 and not 16"));
        await().atMost(PATIENCE)
                .until(() -> said(
                        "cannot join another node", "cluster.shards must be", "its cluster.shards is 16 and not 32"));
        assertThat(node.members).hasSize(1);
        assertThat(other.members).hasSize(1);
    }

    /** Hazelcast as it comes, with the cluster's name, from an address of a member. */
    @Test
    void a_member_without_a_proof_is_refused() {
        Node node = new Node(0, "rtm-locks", SECRET);
        Config config = HazelcastConfig.of(settings(1, "rtm-locks", SECRET));
        config.getNetworkConfig().setSocketInterceptorConfig(null);

        HazelcastInstance forged = Hazelcast.newHazelcastInstance(config);
        cleaning.add(forged::shutdown);

        await().atMost(PATIENCE)
                .until(() -> said("it does not speak as a node") || said("did not say in time who it is"));
        assertThat(forged.getCluster().getMembers()).hasSize(1);
        assertThat(node.members).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CP2", "HZC", "GET /hazelcast/rest/cluster HTTP/1.1\r\n\r\n", "version\r\n", "stats\r\n"})
    void hazelcasts_other_protocols_are_not_spoken_on_the_cluster_port(String opening) throws IOException {
        Node node = new Node(0, "rtm-locks", SECRET);
        assertThat(node.members).hasSizeLessThan(2);

        try (Socket socket = new Socket(HOST, ports.get(0))) {
            socket.setSoTimeout(GIVE_UP_MS);
            socket.getOutputStream().write(opening.getBytes(StandardCharsets.US_ASCII));
            assertThat(answer(socket)).isEmpty();
        }
    }

    /** A node that refuses closes with what it has not read, and the system may tell the other end as a reset. */
    private static byte[] answer(Socket socket) {
        try {
            return socket.getInputStream().readNBytes(ANSWER_BYTES_MAX);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("neither answered nor closed", e);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    /** The same frame is heard where there is no secret: what follows is not refused for a mistake in it. */
    @Test
    void a_frame_of_the_event_bus_is_heard_without_a_secret() {
        Node open = new Node(0, "rtm-locks", "");

        sendFrame(open, new NetClientOptions());

        await().atMost(PATIENCE).until(() -> open.heard.contains("forged"));
    }

    @Test
    void a_frame_of_the_event_bus_without_tls_is_dropped() {
        Node node = new Node(0, "rtm-locks", SECRET);

        NetSocket socket = sendFrame(node, new NetClientOptions());

        assertCut(socket, node);
    }

    @Test
    void a_frame_of_the_event_bus_without_a_certificate_is_dropped() {
        Node node = new Node(0, "rtm-locks", SECRET);

        assertRefused(node, tls());
    }

    @Test
    void a_frame_of_the_event_bus_with_the_certificate_of_another_secret_is_dropped() {
        Node node = new Node(0, "rtm-locks", SECRET);
        Credentials others = SharedCredentials.of(
                ClusterKey.of("rtm-locks", "another", "bus").bytes());

        assertRefused(node, tls().setKeyCertOptions(others.shown()));
    }

    private static NetClientOptions tls() {
        return new NetClientOptions().setSsl(true).setTrustAll(true).setHostnameVerificationAlgorithm("");
    }

    /** With TLS 1.3 a client learns that it is refused only after it has said something. */
    private void assertRefused(Node node, NetClientOptions options) {
        try {
            assertCut(sendFrame(node, options), node);
        } catch (CompletionException e) {
            assertThat(node.heard).isEmpty();
        }
    }

    private static void assertCut(NetSocket socket, Node node) {
        AtomicBoolean closed = new AtomicBoolean();
        socket.closeHandler(v -> closed.set(true));
        await().atMost(PATIENCE)
                .until(() -> closed.get() || socket.write(Buffer.buffer("x")).failed());
        assertThat(node.heard).isEmpty();
    }

    private NetSocket sendFrame(Node node, NetClientOptions options) {
        Vertx vertx = Vertx.vertx();
        cleaning.add(() -> join(vertx.close()));
        NetSocket socket = join(vertx.createNetClient(options).connect(node.settings.busPort(), HOST));
        socket.exceptionHandler(failure -> {});
        socket.write(frame(ECHO, "forged"));
        return socket;
    }

    /** A message of Vert.x's event bus, as it stands on the wire. */
    private static Buffer frame(String address, String body) {
        Buffer frame = Buffer.buffer()
                .appendByte((byte) 2)
                .appendByte((byte) 9)
                .appendByte((byte) 0)
                .appendInt(address.length())
                .appendString(address)
                .appendInt(0)
                .appendInt(1)
                .appendString("x")
                .appendInt(Integer.BYTES)
                .appendInt(body.length())
                .appendString(body);
        return Buffer.buffer().appendInt(frame.length()).appendBuffer(frame);
    }

    @Test
    void a_secret_of_another_cluster_makes_other_credentials() {
        assertThat(ClusterKey.of("a", SECRET, "bus").bytes())
                .isNotEqualTo(ClusterKey.of("b", SECRET, "bus").bytes())
                .isNotEqualTo(ClusterKey.of("a", SECRET, "join").bytes());
        assertThatThrownBy(() -> SharedCredentials.of(new byte[1])).isInstanceOf(IllegalStateException.class);
    }

    /** A line has all these texts. */
    private boolean said(String... texts) {
        return List.copyOf(log.list).stream()
                .map(event -> event.getFormattedMessage() + event.getKeyValuePairs())
                .anyMatch(line -> Stream.of(texts).allMatch(line::contains));
    }

    private ClusterSettings settings(int node, String name, String secret) {
        return settings(node, new Shape(name, 2, 16), secret);
    }

    private ClusterSettings settings(int node, Shape cluster, String secret) {
        List<String> members =
                ports.subList(0, 2).stream().map(port -> HOST + ':' + port).toList();
        int busPort = node == 0 ? ports.get(2) : 0;
        return new ClusterSettings(
                new Member("n" + node, "1"), HOST, ports.get(node), busPort, members, cluster, secret, null);
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** One that joined or tried to, and what it sees. */
    private final class Node {
        private final ClusterSettings settings;
        private final Membership.Joined joined;
        private final ConcurrentLinkedQueue<Object> heard = new ConcurrentLinkedQueue<>();
        private volatile List<Member> members = List.of();

        Node(int number, String name, String secret) {
            this(ForgedMembersTest.this.settings(number, name, secret));
        }

        Node(ClusterSettings settings) {
            this.settings = settings;
            joined = join(Membership.join(settings, new VertxOptions()));
            cleaning.add(() -> join(joined.vertx().close()));
            joined.membership().listen(joined.vertx().getOrCreateContext(), seen -> members = seen);
            if (settings.self().name().equals("n0")) {
                join(joined.vertx()
                        .eventBus()
                        .consumer(ECHO, message -> {
                            heard.add(message.body());
                            message.reply(message.body());
                        })
                        .completion());
            }
        }
    }
}
