// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.HasAttributeOptions;
import com.microsoft.playwright.options.AriaRole;
import io.rtmlocks.DevCluster;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The guided tour plays to its end against a real node, and ends when it is told to. */
class TourTest {

    private static final double TOUR_MS_MAX = 90_000;

    @Test
    void the_tour_plays_to_its_end() {
        try (DemoPages pages = new DemoPages("lock.ttlMinSeconds", "1", "session.heartbeatMs", "300")) {
            Page page = pages.open(pages.window(new NewContextOptions()), "/?tour=1&pace=0&ttl=2")
                    .page();

            Locator tour = page.locator("#tour");
            assertThat(tour).hasAttribute("data-done", "true", new HasAttributeOptions().setTimeout(TOUR_MS_MAX));

            assertThat(page.locator("#paper")).containsText("saved by alice");
            assertThat(page.locator("#code")).containsText("carol setChannelMetadata refused (-12008)");
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of("target/screenshots/tour-end.png"))
                    .setFullPage(true));
            tour.getByRole(AriaRole.BUTTON).click();
            assertThat(tour).isHidden();
        }
    }

    @Test
    void among_several_nodes_the_tour_ends_with_a_move_to_another() {
        Browsers.chromium();
        try (DevCluster cluster = new DevCluster();
                DemoPages pages = new DemoPages(cluster)) {
            DemoPage demo = pages.open(pages.window(new NewContextOptions()), "/?tour=1&pace=0&ttl=10");

            assertThat(demo.page().locator("#tour"))
                    .hasAttribute("data-done", "true", new HasAttributeOptions().setTimeout(TOUR_MS_MAX));

            demo.expect("alice", "online at node-2");
            demo.expect("alice", "Holds document");
        }
    }

    @Test
    void the_tour_ends_when_told_to() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage demo = pages.open(pages.window(new NewContextOptions()), "/?tour=1");
            Locator tour = demo.page().locator("#tour");
            assertThat(tour).containsText("1 of 6");

            tour.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("End the tour"))
                    .click();

            assertThat(tour).isHidden();
            demo.press("bob", "Acquire");
            demo.expect("bob", "Holds document");
        }
    }
}
