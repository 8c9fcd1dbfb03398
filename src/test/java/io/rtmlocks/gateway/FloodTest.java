// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static io.rtmlocks.gateway.RawClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.Deflater;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who sends too much, too slowly, or from too many connections is refused, then ended; whoever else is there is served. */
class FloodTest {

    private static final int FINAL = 0x80;

    private RunningNode node;

    @AfterEach
    void stop() {
        node.close();
    }

    private String upgraded(List<RawClient> clients, String more) {
        RawClient client = new RawClient(node.port());
        clients.add(client);
        client.write(RawClient.upgrade(more));
        return client.readHead();
    }

    private static void serves(TestClient client) {
        client.lock("acquireLock", "l", "create", true);
        client.lock("releaseLock", "l");
    }

    @Test
    void requestsThatTakeTooLong_areCut_howeverBusyTheyAre() {
        node = RunningNode.with("limits.handshakeWithinMs", "3000");
        TestClient alice = node.login("alice");
        try (RawClient silent = new RawClient(node.port());
                RawClient slow = new RawClient(node.port());
                RawClient idle = new RawClient(node.port())) {
            idle.write("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(idle.readHead()).startsWith("HTTP/1.1 404");
            slow.write("GET /rtm HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            long dripping = node.vertx().setPeriodic(20, id -> slow.write(new byte[] {'x'}));
            assertThat(slow.readHead()).isEqualTo("<end>");
            node.vertx().cancelTimer(dripping);
            assertThat(silent.readHead()).isEqualTo("<end>");
            assertThat(idle.readHead()).endsWith("<end>");
        }
        serves(alice);
    }

    @Test
    void connectionsOfAnAddress_areRefused429_thenNotListenedTo_untilOthersEnd() {
        node = RunningNode.with("limits.connectionsPerAddress", "3");
        TestClient alice = node.login("alice");
        List<RawClient> clients = new ArrayList<>();
        assertThat(upgraded(clients, "")).startsWith("HTTP/1.1 101");
        assertThat(upgraded(clients, "")).startsWith("HTTP/1.1 101");
        for (int i = 0; i < 16; i++) {
            assertThat(upgraded(clients, "")).startsWith("HTTP/1.1 429");
        }
        for (int i = 0; i < 10; i++) {
            assertThat(upgraded(clients, "")).isEqualTo("<end>");
        }
        serves(alice);
        clients.forEach(RawClient::close);
        Awaitility.await().until(() -> upgraded(clients, "").startsWith("HTTP/1.1 101"));
        clients.forEach(RawClient::close);
    }

    @ParameterizedTest
    @CsvSource({"limits.handshakesPerSecondPerAddress, HTTP/1.1 429", "limits.handshakesPerSecond, HTTP/1.1 503"})
    void handshakes_areRefused429ForAnAddressAnd503InAll_thenNotListenedTo_untilTheyComeSlower(
            String limit, String refusal) {
        node = RunningNode.with(limit, "5");
        TestClient alice = node.login("alice");
        List<RawClient> clients = new ArrayList<>();
        Set<String> outcomes = new HashSet<>();
        for (int i = 0; i < 1_000 && outcomes.size() < 3; i++) {
            String head = upgraded(clients, "");
            outcomes.add(head.substring(0, Math.min(head.length(), 12)));
        }
        assertThat(outcomes).containsExactlyInAnyOrder("HTTP/1.1 101", refusal, "<end>");
        serves(alice);
        Awaitility.await().until(() -> upgraded(clients, "").startsWith("HTTP/1.1 101"));
        clients.forEach(RawClient::close);
    }

    @Test
    void heads_haveABound() {
        node = RunningNode.with("limits.headBytes", "1024");
        List<RawClient> clients = new ArrayList<>();
        assertThat(upgraded(clients, "X: " + "x".repeat(700) + "\r\n")).startsWith("HTTP/1.1 101");
        assertThat(upgraded(clients, "X: " + "x".repeat(1_500) + "\r\n")).startsWith("HTTP/1.1 431");
        assertThat(upgraded(clients, "X: " + "x".repeat(10_000) + "\r\n")).startsWith("HTTP/1.1 431");
        clients.forEach(RawClient::close);
    }

    /** A few bytes that would become many: there is no compression, so they are no frame. */
    @Test
    void compression_isNotAgreedTo_andABombIsNoFrame() {
        node = RunningNode.with();
        TestClient alice = node.login("alice");
        List<RawClient> clients = new ArrayList<>();
        String offer =
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-webkit-deflate-frame\r\n";
        assertThat(upgraded(clients, offer)).startsWith("HTTP/1.1 101").doesNotContainIgnoringCase("extensions");
        clients.get(0).write(frame(FINAL | 0x41, deflated(50 << 20)));
        assertThat(clients.get(0).next().outcome()).isEqualTo("close 1002");
        serves(alice);
        clients.forEach(RawClient::close);
    }

    private static byte[] deflated(int zeros) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(new byte[zeros]);
        deflater.finish();
        byte[] bytes = new byte[60_000];
        int length = deflater.deflate(bytes);
        deflater.end();
        return Arrays.copyOf(bytes, length);
    }

    @Test
    void bytesOfAConnection_areRefused_thenClose4429() {
        node = RunningNode.with("limits.bytesPerSecond", "20000", "limits.refusalsInARow", "5");
        TestClient bob = node.login("bob");
        TestClient alice = node.login("alice");
        String padding = "x".repeat(900);
        for (int i = 0; i < 20; i++) {
            alice.succeed("ping", "x", padding);
        }
        long[] ids = new long[10];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = alice.send("ping", "x", padding);
        }
        JsonObject last = alice.reply(ids[ids.length - 1]);
        if (last.getInteger("errorCode") != 0) {
            TestClient.refusal(-10021, last);
            assertThat(last.getJsonObject("detail").getString("cause")).isEqualTo("TOO_MANY_BYTES");
        }
        for (int i = 0; i < 250; i++) {
            alice.sendText(alice.request("ping", "x", padding).encode());
        }
        assertThat(alice.closeCode()).isEqualTo(4429);
        assertThat(alice.received().toString()).contains("TOO_MANY_BYTES");
        serves(bob);
    }

    /** Pongs are answered by the server of itself: to somebody who does not read them as well. */
    @Test
    void pongsThatNobodyReads_cutTheConnection() {
        node = RunningNode.with("limits.bytesPerSecond", "0", "limits.queuedBytesPerConnection", "200000");
        TestClient alice = node.login("alice");
        byte[] ping = frame(FINAL | RawClient.PING, new byte[125]);
        byte[] pings = new byte[ping.length * 1_000];
        for (int i = 0; i < pings.length; i += ping.length) {
            System.arraycopy(ping, 0, pings, i, ping.length);
        }
        try (RawClient flood = RawClient.loggedIn(node.port(), "flood")) {
            for (int i = 0; i < 500; i++) {
                flood.write(pings);
            }
            Awaitility.await()
                    .until(() -> RunningNode.await(node.node().counts()).sockets() == 1);
        }
        serves(alice);
    }

    @Test
    void pings_countAsWell() {
        node = RunningNode.with("limits.bytesPerSecond", "1000", "limits.refusalsInARow", "5");
        try (RawClient flood = RawClient.loggedIn(node.port(), "flood")) {
            for (int i = 0; i < 500; i++) {
                flood.write(frame(FINAL | RawClient.PING, new byte[100]));
            }
            RawClient.Received received = flood.next();
            while (received.opcode() == RawClient.PONG) {
                received = flood.next();
            }
            assertThat(received.outcome()).isEqualTo("close 4429");
        }
    }

    @Test
    void fragmentsWithoutEnd_close1009() {
        node = RunningNode.with();
        try (RawClient flood = RawClient.loggedIn(node.port(), "flood")) {
            flood.write(frame(1));
            for (int i = 0; i < 1_030; i++) {
                flood.write(frame(0));
            }
            assertThat(flood.next().outcome()).isEqualTo("close 1009");
        }
    }

    @Test
    void subscriptionsOfAUser_areCountedOverAllSessions() {
        node = RunningNode.unhurried("limits.subscriptionsPerUser", "4");
        TestClient[] tabs = {node.login("alice"), node.login("alice")};
        for (int i = 0; i < 4; i++) {
            tabs[i % 2].succeed("subscribe", "channel", "c" + i);
        }
        for (int i = 0; i < 40; i++) {
            JsonObject refused = tabs[i % 2].refused(-14001, "subscribe", "channel", "more" + i);
            assertThat(refused.getJsonObject("detail").getString("cause")).isEqualTo("TOO_MANY_SUBSCRIPTIONS");
        }
        node.login("bob").succeed("subscribe", "channel", "more");
        tabs[0].succeed("subscribe", "channel", "c0", "withQueue", true);
        tabs[0].succeed("unsubscribe", "channel", "c0");
        tabs[1].succeed("subscribe", "channel", "more");
        tabs[1].close(1000);
        Awaitility.await()
                .until(() -> tabs[0].call("subscribe", "channel", "again").getInteger("errorCode") == 0);
    }

    @Test
    void locksAndWaitsOfAUser_areCountedOverAllSessions() {
        node = RunningNode.unhurried("cluster.shards", "1", "limits.locksPerUser", "2", "limits.waitersPerUser", "2");
        TestClient[] tabs = {node.login("alice"), node.login("alice")};
        TestClient bob = node.login("bob");
        for (int i = 0; i < 2; i++) {
            tabs[i].lock("acquireLock", "a" + i, "create", true);
            bob.lock("acquireLock", "b" + i, "create", true);
        }
        for (int i = 0; i < 20; i++) {
            JsonObject refused =
                    tabs[i % 2].refused(-14001, tabs[i % 2].lockRequest("acquireLock", "more" + i, "create", true));
            assertThat(refused.getJsonObject("detail").getString("cause")).isEqualTo("TOO_MANY_HELD");
        }
        TestClient[] queue = {node.login("carol"), node.login("carol")};
        queue[0].sendLock("acquireLock", "b0", "retry", true);
        queue[1].sendLock("acquireLock", "b1", "retry", true);
        queue[0].sync();
        queue[1].sync();
        for (int i = 0; i < 20; i++) {
            JsonObject refused =
                    queue[i % 2].refused(-14007, queue[i % 2].lockRequest("acquireLock", "a" + i % 2, "retry", true));
            assertThat(refused.getJsonObject("detail").getString("cause")).isEqualTo("TOO_MANY_WAITS");
        }
        serves(node.login("dave"));
    }
}
