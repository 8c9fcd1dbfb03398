// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import io.rtmlocks.DevCluster;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** People of the demo are at several nodes, go from one to another with what they have, and go on elsewhere when theirs is gone. */
class AnyNodeTest {

    private static final double PATIENCE_MS = 60_000;
    private static final String MOVE = "Move to another node";

    private static DevCluster cluster;

    @BeforeAll
    static void start() {
        Browsers.chromium();
        cluster = new DevCluster();
    }

    @AfterAll
    static void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void an_owner_that_moves_to_another_node_still_has_its_lock_and_nobody_sees_a_change() {
        try (DemoPages pages = new DemoPages(cluster)) {
            DemoPage page = pages.demo("alice", "bob");
            page.expect("alice", "online at node-1");
            page.expect("bob", "online at node-2");
            expectOnline(2, 1, 0);
            page.press("alice", "Acquire");
            page.expect("alice", "Holds document");
            String token = page.tokenOf("document");
            page.press("bob", "Wait in line");
            page.expect("bob", "1st of 1 in line");

            page.press("alice", MOVE);

            page.expect("alice", "online at node-2");
            page.expect("alice", "Holds document");
            expectOnline(1, 2, 0);
            page.expectLock("document", "Online: no time limit.");
            assertThat(page.tokenOf("document")).isEqualTo(token);
            assertThat(page.events("bob"))
                    .hasText(new String[] {"alice got document", "document was set", "sees all locks"});

            page.press("alice", "Release");
            page.expect("bob", "Holds document");
            page.expect("alice", "bob got document");
        }
    }

    @Test
    void a_waiter_that_moves_keeps_its_place_before_who_came_later() {
        try (DemoPages pages = new DemoPages(cluster)) {
            DemoPage page = pages.demo("alice", "bob", "carol");
            page.press("alice", "Acquire");
            page.expect("alice", "Holds document");
            page.press("bob", "Wait in line");
            page.expect("bob", "1st of 1 in line");
            page.press("carol", "Wait in line");
            page.expect("carol", "2nd of 2 in line");

            page.press("bob", MOVE);
            page.expect("bob", "online at node-3");
            page.expect("bob", "1st of 2 in line");
            page.press("bob", MOVE);
            page.expect("bob", "online at node-1");
            expectOnline(3, 0, 1);

            page.press("alice", "Release");
            page.expect("bob", "Holds document");
            page.expect("carol", "1st of 1 in line");
            assertThat(page.events("carol").first()).containsText("bob got document");
        }
    }

    @Test
    void people_of_a_node_that_goes_away_go_on_at_another_with_their_locks_and_places() {
        try (DevCluster dying = new DevCluster();
                DemoPages pages = new DemoPages(dying)) {
            DemoPage page = pages.open(
                    pages.window(new NewContextOptions()),
                    "/?ttl=60&users=alice,bob,carol,dave&channel=" + pages.channel());
            page.expect("dave", "online at node-1");
            page.press("alice", "Acquire");
            page.expect("alice", "Holds document");
            String token = page.tokenOf("document");
            page.press("dave", "Wait in line");
            page.expect("dave", "1st of 1 in line");
            page.press("bob", "Wait in line");
            page.expect("bob", "2nd of 2 in line");

            dying.end(0);

            page.expect("alice", "online at node-2", PATIENCE_MS);
            page.expect("dave", "online at node-2", PATIENCE_MS);
            page.expect("alice", "Holds document");
            page.press("alice", "List");
            page.expect("alice", "getLock done", PATIENCE_MS);
            assertThat(page.tokenOf("document")).isEqualTo(token);
            page.press("alice", "Release");
            page.expect("dave", "Holds document", PATIENCE_MS);
            page.expect("bob", "1st of 1 in line", PATIENCE_MS);
            page.expectLock("document", "Held by dave");

            page.press("carol", "Reload");
            page.expect("carol", "no answer, closed", PATIENCE_MS);
            assertThat(page.button("carol", "Open tab")).isEnabled();
        }
    }

    /** Those of this page: its people, and the board. */
    private static void expectOnline(int... clients) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            for (int i = 0; i < clients.length; i++) {
                assertThat(cluster.online(i)).as("node " + i).isEqualTo(clients[i]);
            }
        });
    }
}
