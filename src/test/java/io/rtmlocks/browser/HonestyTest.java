// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The demo claims nothing that it cannot know, and says what is wrong and what to do instead of standing still. */
class HonestyTest {

    private static final double WITHIN_MS = 2_000;
    private static final double TRUST_MS = 15_000;
    private static final double RESTART_MS = 60_000;

    @Test
    void a_service_that_is_gone_is_told_and_what_a_new_one_does_not_know() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage demo = pages.demo("alice", "bob");
            Page page = demo.page();
            demo.press("alice", "Acquire");
            demo.expect("alice", "Holds document");

            pages.endNode();

            assertThat(page.locator("#notice"))
                    .containsText("Connection lost at", new ContainsTextOptions().setTimeout(WITHIN_MS));
            demo.expectLock("document", "So it was at");
            assertThat(page.locator("body")).hasAttribute("data-lost", "true");
            assertThat(demo.user("bob").locator(".link")).hasText("no connection");
            Locator heldFor = demo.lock("document").locator(".facts dd").nth(1);
            String stopped = heldFor.textContent();
            demo.expect("alice", "Trusts document no longer", TRUST_MS);
            assertThat(heldFor).hasText(stopped);

            pages.startNodeAnew();

            assertThat(page.locator("#notice"))
                    .containsText("“document” is set again", new ContainsTextOptions().setTimeout(RESTART_MS));
            demo.expectLock("document", "Whoever asks gets it.");
            demo.expect("alice", "Does not want document", RESTART_MS);
            assertThat(demo.user("bob").locator(".link"))
                    .hasText("online", new HasTextOptions().setTimeout(RESTART_MS));
            demo.press("bob", "Acquire");
            demo.expect("bob", "Holds document");
        }
    }

    @Test
    void news_told_twice_stay_their_whole_time() {
        try (DemoPages pages = new DemoPages()) {
            Page page = pages.demo("alice").page();
            page.clock().install();
            page.evaluate("""
                    async () => {
                      const { createNotice } = await import("/js/notice.js");
                      globalThis.notice = createNotice(document.body.appendChild(document.createElement("aside")));
                      notice.tell("The service is back.");
                    }""");
            page.clock().fastForward("00:20");
            page.evaluate("() => { notice.wrong('Connection lost.'); notice.tell('The service is back.'); }");

            page.clock().fastForward("00:20");
            assertThat(page.getByText("The service is back.")).isVisible();
            page.clock().fastForward("00:11");
            assertThat(page.getByText("The service is back.")).isHidden();
        }
    }

    @Test
    void a_plug_that_is_pulled_here_is_not_that_of_the_same_person_elsewhere() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage here = pages.demo("alice", "bob");
            DemoPage elsewhere = pages.demo("alice", "bob");
            elsewhere.press("alice", "Acquire");
            here.expectLock("document", "Held by alice");

            here.press("alice", "Pull the plug");
            here.expect("alice", "plug pulled");
            here.press("bob", "Acquire");
            here.expect("bob", "(-14007)");

            assertThat(here.lock("document")).hasAttribute("data-state", "held");
            here.expectLock("document", "Online: no time limit.");
        }
    }

    @Test
    void a_free_lock_has_no_token_neither_at_first_nor_later() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage demo = pages.demo("alice");
            Locator token = demo.lock("document").locator(".facts dd").first();
            demo.press("alice", "Acquire");
            assertThat(token).hasText(Pattern.compile("\\d+"));
            demo.press("alice", "Release");
            assertThat(token).hasText("–");
            demo.reload();
            assertThat(token).hasText("–");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "?channel=a/b, The channel “a/b”",
        "?channel=, The channel “”",
        "?users=, names nobody",
        "?users=%F0%9F%98%80, The name “😀”",
        "?users=%3Cb%3Ex%3C%2Fb%3E, The name “<b>x</b>”",
        "'?users=alice,alice', “alice” is there twice",
        "?ttl=abc, no number of seconds"
    })
    void an_address_that_cannot_be_is_explained_and_a_way_out_offered(String address, String words) {
        try (DemoPages pages = new DemoPages()) {
            Page page = pages.show(pages.window(new NewContextOptions()), "/" + address);
            assertThat(page.locator("#notice")).containsText(words);
            assertThat(page.locator("#add-user")).isDisabled();

            page.getByText("Start with the usual names").click();

            assertThat(DemoPage.of(page).user("alice").locator(".link")).hasText("online");
            assertThat(page.locator("#notice")).isHidden();
        }
    }

    @Test
    void a_service_that_cannot_be_reached_is_named() {
        try (DemoPages pages = new DemoPages()) {
            BrowserContext window = pages.window(new NewContextOptions());
            window.addInitScript("""
                    globalThis.WebSocket = class extends WebSocket {
                      constructor(url, protocols) { super("ws://127.0.0.1:1/rtm", protocols); }
                    };
                    """);
            Page page = pages.show(window, "/");
            assertThat(page.locator("#notice")).containsText("No answer from ws://127.0.0.1:");
            assertThat(page.locator("#notice")).containsText("WebSockets");
        }
    }
}
