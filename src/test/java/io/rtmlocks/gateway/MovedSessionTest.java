// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A session goes from node to node: it is in one place, and what it has heard, lost and waited for goes with it (PROTOCOL.md §2). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MovedSessionTest {
    private static final int NODES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RunningCluster cluster = RunningCluster.of(
            NODES, "insecure.anonymous", "true", "session.heartbeatMs", "200", "session.offlineAfterMs", "3000");

    @AfterAll
    void stop() {
        cluster.close();
    }

    private TestClient comeBack(int node, TestClient former) {
        TestClient client = cluster.connect(node);
        client.continueIdsOf(former);
        client.login(former.welcome.getString("userId"), former.resumeToken);
        assertThat(client.welcome.getBoolean("resumed")).isTrue();
        return client;
    }

    @Test
    void the_second_who_comes_with_a_token_closes_the_first() {
        TestClient home = cluster.login(0, "alice");
        home.lock("acquireLock", "once", "create", true);
        TestClient first = comeBack(1, home);

        TestClient second = comeBack(2, home);

        assertThat(first.closeCode()).isEqualTo(4409);
        assertThat(second.welcome.getJsonArray("held")).hasSize(1);
        second.lock("releaseLock", "once");
    }

    @Test
    void of_several_who_come_with_a_token_at_once_one_stays_and_holds_what_the_session_held() {
        for (int i = 0; i < 5; i++) {
            TestClient home = cluster.login(0, "bob");
            String lock = "race " + i;
            home.lock("acquireLock", lock, "create", true);
            List<TestClient> all = Stream.of(0, 1, 2).map(cluster::connect).toList();
            all.forEach(each -> each.continueIdsOf(home));
            all.forEach(each -> each.send("login", "userId", "bob", "resumeToken", home.resumeToken));

            assertThat(home.closeCode()).isEqualTo(4409);
            await().atMost(PATIENCE)
                    .until(() -> all.stream().filter(TestClient::isClosed).count() == NODES - 1);
            TestClient here =
                    all.stream().filter(each -> !each.isClosed()).findFirst().orElseThrow();
            here.heartbeat(1);
            JsonObject view = here.view(lock);
            assertThat(view.getString("owner")).isEqualTo("bob");
            assertThat(view.getBoolean("ownerOnline")).isTrue();
            here.lock("releaseLock", lock);
        }
    }

    @Test
    void a_wait_that_ended_meanwhile_is_answered_at_the_other_node() {
        TestClient carol = cluster.login(0, "carol");
        carol.lock("acquireLock", "gone", "create", true);
        TestClient dave = cluster.login(1, "dave");
        long wait = dave.sendLock("acquireLock", "gone", "retry", true);
        carol.eventually("gone", view -> view.getInteger("waiters") == 1);
        dave.cut();
        carol.eventually(
                "gone", view -> !view.getJsonArray("queue").getJsonObject(0).getBoolean("online"));
        carol.lock("removeLock", "gone");

        TestClient back = comeBack(2, dave);

        assertThat(back.welcome.getJsonArray("waiting")).isEmpty();
        TestClient.refusal(-14008, back.reply(wait));
    }

    @Test
    void a_wait_that_ended_with_a_close_on_purpose_is_answered_at_the_other_node() {
        TestClient gina = cluster.login(0, "gina");
        gina.lock("acquireLock", "left", "create", true);
        TestClient hugo = cluster.login(1, "hugo");
        long wait = hugo.sendLock("acquireLock", "left", "retry", true);
        gina.eventually("left", view -> view.getInteger("waiters") == 1);
        hugo.close(1000);
        gina.eventually("left", view -> view.getInteger("waiters") == 0);

        TestClient back = comeBack(2, hugo);

        assertThat(back.welcome.getJsonArray("waiting")).isEmpty();
        TestClient.refusal(-14007, back.reply(wait));
    }

    @Test
    void a_loss_that_was_heard_of_is_not_told_again_at_another_node() {
        TestClient erin = cluster.login(0, "erin");
        erin.lock("acquireLock", "lost", "create", true);
        TestClient frank = cluster.login(1, "frank");
        frank.lock("revokeLock", "lost");
        erin.sessionEvent("LOCK_LOST");
        erin.heartbeat(3);
        erin.sync();
        erin.heartbeat(6);
        erin.lock("acquireLock", "lost");

        TestClient back = comeBack(2, erin);

        assertThat(back.welcome.getJsonArray("held")).hasSize(1);
        back.sync();
        assertThat(back.received()).isEmpty();
    }
}
