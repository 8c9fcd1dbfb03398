// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.rtmlocks.gateway.RunningNode;
import io.rtmlocks.gateway.TestClient;
import io.rtmlocks.wire.BadFrameException;
import io.rtmlocks.wire.Frame;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Malformed frames by the thousand, to the decoder and over real sockets: nothing is thrown, nothing blocks, nothing is kept, and
 * a client beside them is served and sees its lock as it was.
 *
 * <p>{@code -Drtm.fuzz.frames=1000000} sends more, and is for a machine that does nothing else: then no event loop may be blocked
 * for over a second. {@code -Drtm.fuzz.seed=N} sends the same ones again.
 */
class FuzzTest {

    private static final int FRAMES = Integer.getInteger("rtm.fuzz.frames", 40_000);
    private static final long SEED = Long.getLong("rtm.fuzz.seed", new SplittableRandom().nextLong());
    private static final int OVER_SOCKETS_ONE_IN = 5;
    private static final int RAW_ONE_IN = 40;
    private static final int AT_A_TIME = 500;
    private static final long KEPT_BYTES_MAX = 24 << 20;

    private final ListAppender<ILoggingEvent> complaints = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private RunningNode node;

    @BeforeEach
    void start() {
        complaints.start();
        root.addAppender(complaints);
        node = RunningNode.unhurried(
                "limits.badFramesPerMinute",
                "1000000",
                "limits.refusalsInARow",
                "100000000",
                "limits.handshakesPerSecond",
                "0",
                "session.rememberedMs",
                "1000",
                "lock.ttlMinSeconds",
                "1",
                "lock.ttlMaxSeconds",
                "1",
                "limits.handshakesPerSecondPerAddress",
                "0");
    }

    @AfterEach
    void stop() {
        root.detachAppender(complaints);
        node.close();
    }

    @Test
    void malformedFrames_toTheDecoder_areRefusedOrRead() {
        MalformedFrames frames = new MalformedFrames(SEED);
        int refused = 0;
        for (int i = 0; i < FRAMES; i++) {
            String text = frames.text();
            try {
                Frame frame = Frame.read(text);
                if (frame.operation().isLock() || frame.operation().isStorage()) {
                    frame.command("s", 1);
                }
            } catch (BadFrameException expected) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + SEED + ", frame " + i + ": " + text, e);
            }
        }
        assertThat(refused).isGreaterThan(FRAMES / 2);
    }

    @Test
    void malformedFrames_overSockets_costNobodyAnything() throws IOException {
        TestClient witness = node.login("witness");
        witness.succeed("acquireLock", "channel", "untouched-channel", "lockName", "mine", "create", true);
        JsonObject before = seen(witness);
        long usedBefore = usedBytes();
        MalformedFrames frames = new MalformedFrames(SEED);
        int count = FRAMES / OVER_SOCKETS_ONE_IN;
        for (int sent = 0; sent < count; sent += AT_A_TIME) {
            sendTexts(frames);
            if (sent % (RAW_ONE_IN * AT_A_TIME) == 0) {
                sendRaw(frames);
            }
            witness.succeed("ping");
            assertThat(seen(witness)).isEqualTo(before);
        }
        for (int i = 0; i < count / RAW_ONE_IN; i++) {
            sendRaw(frames);
        }
        assertThat(seen(witness)).isEqualTo(before);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> node.node()
                                .counts()
                                .toCompletionStage()
                                .toCompletableFuture()
                                .get()
                                .sessions()
                        == 1);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> usedBytes() - usedBefore < KEPT_BYTES_MAX);
        long kept = usedBytes() - usedBefore;
        System.out.printf(
                "seed %d: %,d frames over sockets, %,d connections of raw bytes, memory %+,d KiB after collection (from %,d)%n",
                SEED, count, count / RAW_ONE_IN, kept >> 10, usedBefore >> 10);
        assertThat(kept).isLessThan(KEPT_BYTES_MAX);
        assertThat(complaints(false)).as("what the log says of it").isEmpty();
        if (System.getProperty("rtm.fuzz.frames") != null) {
            assertThat(complaints(true))
                    .as("event loops blocked for over a second")
                    .isEmpty();
        }
    }

    private List<ILoggingEvent> complaints(boolean ofBlockedLoops) {
        return List.copyOf(complaints.list).stream()
                .filter(each -> each.getLevel().isGreaterOrEqual(Level.WARN))
                .filter(each -> each.getLoggerName().endsWith("BlockedThreadChecker") == ofBlockedLoops)
                .toList();
    }

    /** How the run above would see that an event loop was blocked for more than a second. */
    @Test
    void anEventLoop_thatIsBlocked_isComplainedOf() {
        node.vertx()
                .runOnContext(v -> Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> !complaints(true).isEmpty()));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> !complaints(true).isEmpty());
    }

    /** A connection that says much nonsense; it ends when that was a logout, or text that is not UTF-8. */
    private void sendTexts(MalformedFrames frames) {
        TestClient eve = node.login("eve");
        for (int i = 0; i < AT_A_TIME && !eve.isClosed(); i++) {
            eve.sendText(frames.text());
        }
        eve.close(1000);
        node.forget(eve);
    }

    private void sendRaw(MalformedFrames frames) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            socket.getOutputStream()
                    .write(("GET /rtm HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 10; i++) {
                socket.getOutputStream().write(frames.bytes());
            }
        } catch (java.net.SocketException cutByTheServer) {
            // it had heard enough
        }
    }

    private static JsonObject seen(TestClient witness) {
        JsonObject reply = witness.succeed("getLock", "channel", "untouched-channel", "withQueue", true);
        List.of("id", "timestamp").forEach(reply::remove);
        return reply;
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
