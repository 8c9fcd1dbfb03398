// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients come and go in every way, a thousand times; nothing of them stays. */
class NothingIsLeftTest {

    private static final int CYCLES = 1_000;
    private static final int CHANNELS = 50;

    private final RunningNode node = RunningNode.unhurried(
            "session.rememberedMs", "1000",
            "session.leaveGraceMs", "50",
            "lock.ttlMinSeconds", "1",
            "lock.ttlMaxSeconds", "1");

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void afterAThousandClients_nothingIsLeft() {
        TestClient witness = node.login("witness");
        for (int i = 0; i < CYCLES; i++) {
            String channel = "c" + i % CHANNELS;
            if (i % 5 == 4) {
                stranger(i);
            } else {
                visit(i, channel);
            }
        }
        witness.sync();
        GatewayCounts counts = waitForOne();
        assertThat(counts).isEqualTo(new GatewayCounts(1, 1, 1, 0, 0, 0));
        for (int i = 0; i < CHANNELS; i++) {
            for (Object lock : witness.succeed("getLock", "channel", "c" + i).getJsonArray("locks")) {
                assertThat(((JsonObject) lock).getString("owner")).isEmpty();
                assertThat(((JsonObject) lock).getInteger("waiters")).isZero();
            }
        }
    }

    /** Most of them wait for each other's locks when they go. */
    private void visit(int i, String channel) {
        TestClient client = node.connect();
        client.send("login", "userId", "u" + i);
        client.send("subscribe", "channel", channel, "withQueue", true, "withStorage", true);
        client.send("acquireLock", "channel", channel, "lockName", "l", "create", true, "retry", true, "ttl", 300);
        client.sync();
        switch (i % 5) {
            case 0 -> client.cut();
            case 1 -> client.close(1000);
            case 2 -> client.close(1001);
            default -> client.send("logout");
        }
        node.forget(client);
    }

    private void stranger(int i) {
        if (i % 2 == 0) {
            node.connect().cut();
        } else {
            new RawClient(node.port()).close();
        }
    }

    /** What is kept when only the witness is here, or still is when patience is over. */
    private GatewayCounts waitForOne() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        GatewayCounts counts = RunningNode.await(node.node().counts());
        while (System.nanoTime() < deadline
                && (counts.sessions() > 1 || counts.sockets() > 1 || counts.requests() > 0)) {
            counts = RunningNode.await(node.node().counts());
        }
        return counts;
    }
}
