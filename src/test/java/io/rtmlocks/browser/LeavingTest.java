// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What becomes of a lock when its owner's page reloads, closes, is copied or loses the network. */
class LeavingTest {

    private static final Duration TTL = Duration.ofSeconds(2);

    @Test
    void reload_keeps_the_lock_and_the_place_in_the_queue() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage alice = pages.demo("alice");
            DemoPage bob = pages.demo("bob");
            DemoPage carol = pages.demo("carol");
            alice.press("alice", "Acquire");
            alice.expect("alice", "Holds document");
            String token = alice.tokenOf("document");
            bob.press("bob", "Wait in line");
            bob.expect("bob", "1st of 1 in line");
            carol.press("carol", "Wait in line");
            carol.expect("carol", "2nd of 2 in line");

            alice.reload();
            bob.reload();

            alice.expect("alice", "Holds document");
            assertThat(alice.tokenOf("document")).isEqualTo(token);
            bob.expect("bob", "1st of 2 in line");
            alice.press("alice", "Release");
            bob.expect("bob", "Holds document");
        }
    }

    @Test
    void a_frame_that_reloads_keeps_its_lock_too() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage page = pages.demo("alice", "bob");
            page.press("alice", "Acquire");
            page.expect("alice", "Holds document");
            page.press("bob", "Wait in line");
            page.expect("bob", "1st of 1 in line");

            page.press("alice", "Reload");
            page.press("bob", "Reload");

            page.expect("alice", "Holds document");
            page.expect("bob", "1st of 1 in line");
        }
    }

    @Test
    void a_closed_tab_frees_its_lock_within_3_seconds() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage alice = pages.demo("alice");
            DemoPage bob = pages.demo("bob");
            alice.press("alice", "Acquire");
            alice.expect("alice", "Holds document");
            bob.press("bob", "Wait in line");
            bob.expect("bob", "1st of 1 in line");

            alice.page().close();

            bob.expect("bob", "Holds document", 3_000);
        }
    }

    @Test
    void a_pulled_plug_frees_the_lock_after_its_ttl_and_not_before() {
        try (DemoPages pages = new DemoPages("lock.ttlMinSeconds", "1", "session.heartbeatMs", "300")) {
            DemoPage page = pages.demo("alice", "bob");
            page.press("alice", "Acquire");
            page.expect("alice", "Holds document");
            page.press("bob", "Wait in line");
            page.expect("bob", "1st of 1 in line");
            assertThat(page.lock("document")).hasAttribute("data-state", "held");

            Instant before = Instant.now();
            page.press("alice", "Pull the plug");

            assertThat(page.lock("document")).hasAttribute("data-state", "offline");
            page.expectLock("document", "Held by alice");
            page.expect("alice", "Trusts document no longer");
            page.expect("bob", "Holds document");
            assertThat(Duration.between(before, Instant.now())).isBetween(TTL, TTL.plusSeconds(2));
            page.expect("bob", "document expired: alice stayed away");
        }
    }

    @Test
    void a_plug_put_back_within_the_ttl_keeps_the_lock() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage page = pages.demo("alice", "bob");
            page.press("alice", "Acquire");
            page.expect("alice", "Holds document");
            String token = page.tokenOf("document");

            page.press("alice", "Pull the plug");
            page.expectLock("document", "Offline: kept");
            page.press("alice", "Plug in");

            page.expectLock("document", "Online: no time limit.");
            page.expect("alice", "Holds document");
            assertThat(page.tokenOf("document")).isEqualTo(token);
        }
    }

    @Test
    void a_duplicated_tab_is_a_session_of_its_own() {
        try (DemoPages pages = new DemoPages()) {
            BrowserContext window = pages.window(new NewContextOptions());
            DemoPage original = pages.open(window, pages.path("alice"));
            original.press("alice", "Acquire");
            original.expect("alice", "Holds document");

            Page opened = window.waitForPage(() -> original.page().evaluate("() => void window.open(location.href)"));
            DemoPage copy = DemoPage.of(opened);

            copy.expect("alice", "Does not want document");
            copy.press("alice", "Acquire");
            copy.expect("alice", "(-14007)");
            original.expect("alice", "Holds document");
            original.press("alice", "Release");
            original.expect("alice", "alice released document");
            copy.press("alice", "Acquire");
            copy.expect("alice", "Holds document");
        }
    }
}
