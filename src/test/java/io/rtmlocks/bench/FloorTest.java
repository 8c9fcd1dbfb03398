// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtmlocks.gateway.RunningNode;
import io.rtmlocks.gateway.TestClient;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The floor holds the conversation that it is measured with, in as many words as the service: else it is fast for a bad reason. */
class FloorTest {
    private static final int SHORTER_MAX_PERCENT = 5;

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient webSockets = vertx.createWebSocketClient();

    @AfterEach
    void close() {
        RunningNode.await(vertx.close());
    }

    @Test
    void a_busy_lock_goes_to_who_waits_and_all_subscribers_hear_of_it() {
        int port = RunningNode.await(new FloorServer(false).listen(vertx)).actualPort();

        List<JsonObject> said = conversation(port);

        assertThat(said)
                .extracting(frame -> frame.getString("owner"))
                .containsExactly("alice", "alice", "", "bob", "bob");
        assertThat(said.get(3).getLong("fencingToken"))
                .isGreaterThan(said.get(0).getLong("fencingToken"));
    }

    @Test
    void it_says_as_much_as_the_service() {
        int port = RunningNode.await(new FloorServer(false).listen(vertx)).actualPort();
        List<JsonObject> said = conversation(port);
        try (RunningNode node = RunningNode.with()) {
            List<JsonObject> ours = conversation(node.port());
            for (int i = 0; i < ours.size(); i++) {
                int least = ours.get(i).encode().length() * (100 - SHORTER_MAX_PERCENT) / 100;
                assertThat(said.get(i).encode()).as("instead of " + ours.get(i)).hasSizeGreaterThanOrEqualTo(least);
            }
        }
    }

    @Test
    void a_lock_of_another_is_refused() {
        int port = RunningNode.await(new FloorServer(false).listen(vertx)).actualPort();
        TestClient alice = login(port, "alice");
        TestClient bob = login(port, "bob");
        alice.lock("acquireLock", "l");

        assertThat(bob.call(bob.lockRequest("acquireLock", "l")).getInteger("errorCode"))
                .isEqualTo(-14007);
        assertThat(bob.call(bob.lockRequest("releaseLock", "l")).getInteger("errorCode"))
                .isEqualTo(-14006);
    }

    @Test
    void the_lock_of_who_leaves_is_free() {
        int port = RunningNode.await(new FloorServer(false).listen(vertx)).actualPort();
        TestClient alice = login(port, "alice");
        TestClient bob = login(port, "bob");
        alice.lock("acquireLock", "l");
        long waiting = bob.sendLock("acquireLock", "l", "retry", true);

        alice.cut();

        assertThat(bob.reply(waiting).getString("owner")).isEqualTo("bob");
    }

    /** @return grant, its event, release's event, the waiter's grant, its event */
    private List<JsonObject> conversation(int port) {
        TestClient alice = login(port, "alice");
        TestClient bob = login(port, "bob");
        TestClient carol = login(port, "carol");
        carol.subscribe();
        List<JsonObject> said = new ArrayList<>();
        said.add(alice.lock("acquireLock", "l", "create", true));
        said.add(carol.lockEvent("ACQUIRED"));
        long waiting = bob.sendLock("acquireLock", "l", "retry", true);
        alice.lock("releaseLock", "l");
        said.add(carol.lockEvent("RELEASED"));
        said.add(bob.reply(waiting));
        said.add(carol.lockEvent("ACQUIRED"));
        return said;
    }

    private TestClient login(int port, String user) {
        TestClient client = TestClient.connect(
                webSockets,
                new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/rtm"));
        client.login(user);
        return client;
    }
}
