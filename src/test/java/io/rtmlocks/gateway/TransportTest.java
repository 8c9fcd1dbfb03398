// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames, replies, their order, and how a connection ends (PROTOCOL.md §1, §2). */
class TransportTest {

    private static final int FRAME_BYTES_MAX = 64 * 1024;

    private RunningNode node;

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void subProtocol_isSelectedWhenOffered_andNotNeeded() {
        node = RunningNode.with();
        TestClient offers =
                node.connect(new WebSocketConnectOptions().addSubProtocol("x").addSubProtocol("rtm-locks.v1"));
        assertThat(offers.socket().subProtocol()).isEqualTo("rtm-locks.v1");
        assertThat(node.connect().socket().subProtocol()).isNull();
        offers.login("alice");
        node.login("bob");
    }

    @Test
    void otherPaths_areNotServed() {
        node = RunningNode.with();
        for (String path : List.of("/", "/rtm/", "/rtmx", "/RTM", "/sdk/rtm")) {
            assertThatThrownBy(() -> node.connectTo(path))
                    .as(path)
                    .hasRootCauseInstanceOf(UpgradeRejectedException.class);
        }
        node.connectTo("/rtm?with=query").login("alice");
    }

    @Test
    void replies_sayWhatTheyAnswerAndWhen() {
        node = RunningNode.with();
        TestClient alice = node.login("alice");
        long before = System.currentTimeMillis();
        JsonObject success = alice.lock("setLock", "l", "ttl", 30);
        assertThat(success.fieldNames())
                .containsExactlyInAnyOrder("id", "errorCode", "timestamp", "channel", "channelType", "lockName", "ttl");
        assertThat(success.getLong("timestamp")).isBetween(before, System.currentTimeMillis());
        alice.lock("acquireLock", "l");
        JsonObject failure = node.login("bob").refused(-14007, "acquireLock", "channel", "c", "lockName", "l");
        assertThat(failure.getString("operation")).isEqualTo("RTMAcquireOperation");
        assertThat(failure.getString("reason")).contains("alice");
        assertThat(failure.getBoolean("retryable")).isTrue();
        assertThat(failure.getJsonObject("detail").getString("owner")).isEqualTo("alice");
        assertThat(failure.getJsonObject("detail").getLong("since")).isGreaterThanOrEqualTo(before);
        assertThat(failure.getJsonObject("detail").getInteger("waiters")).isZero();
    }

    /** Nothing that the server says by itself could be taken for a reply. */
    @Test
    void events_carryNoId() {
        node = RunningNode.with("session.heartbeatMs", "50");
        TestClient alice = node.login("alice");
        alice.subscribe("withStorage", true, "withQueue", true);
        alice.lock("acquireLock", "l", "create", true);
        alice.succeed("setChannelMetadata", "channel", "c", "data", JsonData.of("k", "v"));
        node.login("bob").sendLock("acquireLock", "l", "retry", true, "withPosition", true);
        alice.heartbeat(1);
        alice.lockEvent("QUEUE");
        alice.lock("revokeLock", "l");
        alice.sessionEvent("LOCK_LOST");
        assertThat(alice.received()).isNotEmpty().allSatisfy(frame -> {
            assertThat(frame.containsKey("event")).isTrue();
            assertThat(frame.containsKey("id")).isFalse();
        });
    }

    @Test
    void requestsOfOneChannel_takeEffectInTheOrderSent() {
        node = RunningNode.unhurried();
        TestClient alice = node.login("alice");
        TestClient bob = node.login("bob");
        bob.subscribe();
        alice.sendLock("setLock", "l", "ttl", 30);
        for (int i = 0; i < 100; i++) {
            alice.sendLock("acquireLock", "l");
            alice.sendLock("releaseLock", "l");
        }
        alice.sendLock("removeLock", "l");
        alice.sync();
        List<Long> ids = IntStream.range(0, 202)
                .mapToObj(i -> alice.next())
                .map(reply -> {
                    assertThat(reply.getInteger("errorCode")).as(reply.encode()).isZero();
                    return reply.getLong("id");
                })
                .toList();
        assertThat(ids).isSorted();
        for (int seq = 1; seq <= 202; seq++) {
            String expected = seq == 1 ? "SET" : seq == 202 ? "REMOVED" : seq % 2 == 0 ? "ACQUIRED" : "RELEASED";
            JsonObject event = bob.next();
            assertThat(event.getString("eventType")).isEqualTo(expected);
            assertThat(event.getLong("seq")).isEqualTo(seq);
        }
    }

    @Test
    void frameOfTheLargestSize_isServed_alsoInFragments() {
        node = RunningNode.with();
        TestClient alice = node.login("alice");
        alice.sendText(pingOfSize(1_001, FRAME_BYTES_MAX));
        assertThat(alice.reply(1_001).getInteger("errorCode")).isZero();
        String inParts = pingOfSize(1_002, FRAME_BYTES_MAX);
        alice.socket().writeFrame(WebSocketFrame.textFrame(inParts.substring(0, 7), false));
        for (int at = 7; at < inParts.length(); at += 10_000) {
            int end = Math.min(inParts.length(), at + 10_000);
            Buffer part = Buffer.buffer(inParts.substring(at, end));
            alice.socket().writeFrame(WebSocketFrame.continuationFrame(part, end == inParts.length()));
        }
        assertThat(alice.reply(1_002).getInteger("errorCode")).isZero();
    }

    @Test
    void frameThatIsTooLarge_closes1009() {
        node = RunningNode.with();
        TestClient alice = node.login("alice");
        alice.sendText(pingOfSize(7, FRAME_BYTES_MAX + 1));
        assertThat(alice.closeCode()).isEqualTo(1009);
        TestClient bob = node.login("bob");
        bob.socket().writeFrame(WebSocketFrame.textFrame("x".repeat(60_000), false));
        bob.socket().writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("x".repeat(60_000)), false));
        assertThat(bob.closeCode()).isEqualTo(1009);
        node.login("alice").sync();
    }

    @Test
    void frameSize_canBeConfigured() {
        node = RunningNode.with("http.frameBytesMax", "1024");
        TestClient alice = node.login("alice");
        alice.sendText(pingOfSize(7, 1024));
        alice.reply(7);
        alice.sendText(pingOfSize(8, 1025));
        assertThat(alice.closeCode()).isEqualTo(1009);
    }

    @Test
    void binaryFrame_closes1003() {
        node = RunningNode.with();
        TestClient alice = node.login("alice");
        alice.socket().writeBinaryMessage(Buffer.buffer("{\"id\":1,\"op\":\"ping\"}"));
        assertThat(alice.closeCode()).isEqualTo(1003);
    }

    @Test
    void twentyBadFramesInAMinute_close4400() {
        node = RunningNode.with();
        TestClient alice = node.login("alice");
        for (int i = 0; i < 19; i++) {
            alice.sendText("no request");
        }
        alice.sync();
        alice.sendText("no request");
        assertThat(alice.closeCode()).isEqualTo(4400);
    }

    /** Frames before the login count as well. */
    @Test
    void badFramesOfAStranger_close4400() {
        node = RunningNode.with("limits.badFramesPerMinute", "3");
        TestClient stranger = node.connect();
        for (int i = 0; i < 3; i++) {
            stranger.sendText("{}");
        }
        assertThat(stranger.closeCode()).isEqualTo(4400);
    }

    /** A name that is not legal is an honest mistake: it is answered as often as it is made. */
    @Test
    void refusals_areNotBadFrames() {
        node = RunningNode.unhurried();
        TestClient alice = node.login("alice");
        for (int i = 0; i < 50; i++) {
            alice.refused(-14005, alice.lockRequest("setLock", "_no"));
            alice.refused(-14008, alice.lockRequest("releaseLock", "missing"));
        }
        alice.sync();
    }

    @Test
    void noLoginInTime_closes4408() {
        node = RunningNode.with("session.loginWithinMs", "100");
        TestClient stranger = node.connect();
        stranger.refused(-10002, "ping");
        assertThat(stranger.closeCode()).isEqualTo(4408);
        TestClient alice = node.login("alice");
        assertThat(node.connect().closeCode()).isEqualTo(4408);
        alice.sync();
    }

    /** {@link OriginsTest} has the table. */
    @Test
    void pagesOfOtherOrigins_areSentAway4403() {
        node = RunningNode.with("http.allowedOrigins", "https://shop.example");
        String self = "http://127.0.0.1:" + node.port();
        for (String allowed : List.of("https://shop.example", self)) {
            node.connectFrom(allowed).login("alice");
        }
        for (String refused :
                List.of("http://shop.example", "http://127.0.0.1:1", "null", self + ".evil.example", "")) {
            assertThat(node.connectFrom(refused).closeCode()).as(refused).isEqualTo(4403);
        }
    }

    @Test
    void moreConnectionsThanAllowed_areSentAway1013() {
        node = RunningNode.with("limits.connections", "2");
        TestClient alice = node.login("alice");
        TestClient bob = node.login("bob");
        assertThat(node.connect().closeCode()).isEqualTo(1013);
        alice.sync();
        bob.close(1000);
        alice.succeed("ping");
        node.login("carol").sync();
    }

    /** A drained node sends its clients away with 1001; they keep their sessions as after any end that was not theirs. */
    @Test
    void drain_closes1001() {
        node = RunningNode.with();
        TestClient alice = node.login("alice");
        TestClient stranger = node.connect();
        node.node().drain();
        assertThat(alice.closeCode()).isEqualTo(1001);
        assertThat(stranger.closeCode()).isEqualTo(1001);
    }

    private static String pingOfSize(long id, int bytes) {
        String head = "{\"id\":" + id + ",\"op\":\"ping\",\"x\":\"";
        return head + "x".repeat(bytes - head.length() - 2) + "\"}";
    }
}
