// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.rtmlocks.Config;
import io.rtmlocks.FreePorts;
import io.rtmlocks.Node;
import io.rtmlocks.cluster.ClusterSettings;
import io.rtmlocks.cluster.Member;
import io.rtmlocks.cluster.Membership;
import io.rtmlocks.cluster.Shape;
import io.rtmlocks.gateway.TestClient;
import io.rtmlocks.ops.Scrape;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * A member of the cluster sends a running node whatever it likes: what is no message is dropped and counted, a client is served
 * meanwhile, and the log does not grow with it.
 */
class DamagedMessagesTest {

    private static final int ROUNDS = Math.min(20_000, Integer.getInteger("rtm.fuzz.rounds", 2_000));
    private static final int LINES_MAX = 20;
    private static final String DROPPED = "rtm_node_messages_dropped_total{kind=\"%s\"}";

    private final SplittableRandom random = new SplittableRandom(7);
    private final List<NodeMessage> sound = NodeMessageCodecTest.messages().toList();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final CompletableFuture<String> address = new CompletableFuture<>();
    private final Vertx clients = Vertx.vertx();
    private final WebSocketClient webSockets = clients.createWebSocketClient();
    private Node node;
    private Vertx stranger;
    private TestClient alice;

    @BeforeEach
    void start() throws Exception {
        int port = FreePorts.one();
        String member = "127.0.0.1:" + port;
        node = await(Node.start(
                new VertxOptions(),
                Config.of(Map.of(
                        "http.port", "0",
                        "management.port", "0",
                        "cluster.port", Integer.toString(port),
                        "cluster.busPort", "0",
                        "cluster.members", member,
                        "limits.acquirePerSecond", "0",
                        "limits.opsPerSecond", "0"))));
        ClusterSettings settings = new ClusterSettings(
                new Member("stranger", "1"),
                "127.0.0.1",
                FreePorts.one(),
                0,
                List.of(member),
                new Shape("rtm-locks", 1, 16),
                "",
                null);
        Membership.Joined joined = await(Membership.join(settings, new VertxOptions()));
        stranger = joined.vertx();
        joined.membership()
                .listen(
                        stranger.getOrCreateContext(),
                        members -> members.stream()
                                .filter(each -> !each.name().equals("stranger"))
                                .forEach(each -> address.complete(NodeBus.addressOf(each.id()))));
        alice = TestClient.connect(
                webSockets,
                new WebSocketConnectOptions()
                        .setHost("127.0.0.1")
                        .setPort(node.httpPort())
                        .setURI("/rtm"));
        alice.login("alice");
        lines.start();
        root.addAppender(lines);
    }

    @AfterEach
    void stop() throws Exception {
        root.detachAppender(lines);
        alice.cut();
        await(clients.close());
        await(stranger.close());
        await(node.vertx().close());
    }

    @Test
    void what_is_no_message_is_dropped_and_counted() throws Exception {
        double before = dropped("node");
        for (int i = 0; i < ROUNDS; i++) {
            send(noMessage(NodeMessageCodec.encode(sound.get(i % sound.size())), i));
            if (i % 100 == 0) {
                serves();
            }
        }
        eventually("node", before + ROUNDS);
        serves();
        expectQuiet();
    }

    /** A message that is sound, around one that is not. */
    @Test
    void what_is_in_a_message_is_dropped_and_counted_as_well() throws Exception {
        double replicasBefore = dropped("replica");
        double reportsBefore = dropped("report");
        for (int i = 0; i < ROUNDS; i++) {
            byte[] noise = noise(i % 200);
            send(NodeMessageCodec.encode(i % 2 == 0 ? new PeerMessage(noise) : new ReplicaMessage(i / 2 % 16, noise)));
        }
        eventually("report", reportsBefore + ROUNDS / 2);
        eventually("replica", replicasBefore + ROUNDS / 2);
        serves();
        expectQuiet();
    }

    /** Damaged so little that it may be another message, of a node that is not there. */
    @Test
    void what_may_still_be_a_message_does_not_end_the_service() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = NodeMessageCodec.encode(sound.get(i % sound.size()));
            int at = random.nextInt(bytes.length);
            bytes[at] = (byte) (bytes[at] ^ 1 << random.nextInt(Byte.SIZE));
            send(bytes);
        }
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> {
            JsonObject reply = alice.call(alice.lockRequest("acquireLock", "l", "create", true));
            return reply.getInteger("errorCode") == 0;
        });
        expectQuiet();
    }

    /** Truncated, of an unknown version or kind, with something behind its end, of another type, or nothing but chance. */
    private Object noMessage(byte[] bytes, int number) {
        return switch (number % 6) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> with(bytes, 0, bytes[0] + 2 + random.nextInt(50));
            case 2 -> with(bytes, 1, 20 + random.nextInt(50));
            case 3 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
            case 4 -> Buffer.buffer(bytes);
            default -> with(noise(1 + random.nextInt(99)), 0, 0x7f);
        };
    }

    private static byte[] with(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        return bytes;
    }

    private byte[] noise(int length) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    private void send(Object body) throws Exception {
        stranger.eventBus().send(address.get(20, TimeUnit.SECONDS), body);
    }

    private void serves() {
        alice.lock("acquireLock", "l", "create", true);
        alice.lock("releaseLock", "l");
    }

    private double dropped(String kind) {
        return Scrape.of(node.managementPort()).orZero(DROPPED.formatted(kind));
    }

    private void eventually(String kind, double count) {
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(dropped(kind)).isEqualTo(count));
    }

    private void expectQuiet() {
        assertThat(lines.list.stream().filter(each -> each.getLevel().isGreaterOrEqual(Level.INFO)))
                .hasSizeLessThan(LINES_MAX);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
