// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import io.rtmlocks.DevCluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo can be used by everybody: in both themes, by keyboard alone, on a narrow screen, without motion, without the internet. */
class AccessibilityTest {

    private static final String AXE = "axe.min.js";

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void axe_finds_nothing_serious(ColorScheme scheme) throws IOException {
        try (DemoPages pages = new DemoPages()) {
            DemoPage demo = pages.demo(new NewContextOptions().setColorScheme(scheme), "alice", "bob", "carol");
            everyStateAtOnce(demo);
            Page page = demo.page();
            shoot(page, "demo-" + scheme.name().toLowerCase(java.util.Locale.ROOT), true);

            assertThat(findings(page)).isEqualTo(List.of());
        }
    }

    @Test
    void several_nodes_change_nothing_of_that() throws IOException {
        Browsers.chromium();
        try (DevCluster cluster = new DevCluster();
                DemoPages pages = new DemoPages(cluster)) {
            DemoPage demo = pages.demo("alice", "bob", "carol");
            assertThat(demo.page().locator("#nodes")).isVisible();
            tabTo(demo.page(), "Move to another node");
            demo.page().keyboard().press("Enter");
            demo.expect("alice", "online at node-2");
            assertThat(demo.page().evaluate("document.activeElement.textContent"))
                    .isEqualTo("Move to another node");
            everyStateAtOnce(demo);
            shoot(demo.page(), "demo-nodes", true);
            assertThat(findings(demo.page())).isEqualTo(List.of());

            DemoPage narrow = pages.demo(new NewContextOptions().setViewportSize(360, 740), "dave", "erin");
            shoot(narrow.page(), "demo-nodes-narrow", true);
            assertThat(narrow.page().evaluate("document.documentElement.scrollWidth"))
                    .isEqualTo(360);
        }
    }

    @Test
    void one_node_alone_is_not_named_and_offers_no_other() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage demo = pages.demo("alice");
            assertThat(demo.page().locator("#nodes")).isHidden();
            assertThat(demo.button("alice", "Move to another node")).hasCount(0);
            assertThat(demo.user("alice").locator(".link")).hasText("online");
        }
    }

    @Test
    void the_board_and_the_timeline_are_kept_as_pictures() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage demo = pages.demo("alice", "bob", "carol");
            everyStateAtOnce(demo);
            demo.page().locator("#locks").screenshot(picture("board"));
            demo.page().locator("#timeline").screenshot(picture("timeline"));
            assertThat(demo.page().locator("#timeline rect.bar.wait").first()).isVisible();
        }
    }

    @Test
    void the_keyboard_alone_is_enough() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage demo = pages.demo("alice", "bob");
            Page page = demo.page();
            tabTo(page, "Acquire");
            page.keyboard().press("Enter");
            demo.expect("alice", "Holds document");
            assertThat(page.evaluate("document.activeElement.textContent")).isEqualTo("Release");
            page.keyboard().press("Space");
            demo.expect("bob", "alice released document");
        }
    }

    @Test
    void a_narrow_screen_needs_no_scrolling_sideways() {
        try (DemoPages pages = new DemoPages()) {
            NewContextOptions narrow =
                    new NewContextOptions().setViewportSize(360, 740).setReducedMotion(ReducedMotion.REDUCE);
            DemoPage demo = pages.demo(narrow, "alice", "bob", "carol");
            everyStateAtOnce(demo);
            shoot(demo.page(), "demo-narrow", true);
            assertThat(demo.page().evaluate("document.documentElement.scrollWidth"))
                    .isEqualTo(360);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {360, 1280})
    void the_longest_names_leave_every_button_in_sight(int width) {
        try (DemoPages pages = new DemoPages()) {
            String name = "W".repeat(64);
            DemoPage demo = pages.demo(new NewContextOptions().setViewportSize(width, 900), name, "bob");
            demo.page().getByLabel("Buttons act on").fill("L".repeat(64));
            demo.press(name, "Set");
            demo.press(name, "Acquire");
            demo.expect(name, "Holds LLL");
            demo.press("bob", "Wait in line");
            demo.expect("bob", "1st of 1 in line");
            shoot(demo.page(), "demo-long-" + width, true);

            assertThat(demo.page().evaluate("document.documentElement.scrollWidth"))
                    .isEqualTo(width);
            assertThat(demo.page().evaluate("""
                    () => [...document.querySelectorAll("button:not([hidden]), select, summary, .name")].filter((each) => {
                      const { left, right } = each.getBoundingClientRect();
                      return !each.closest("[hidden]") && !each.closest("svg") && (left < 0 || right > innerWidth);
                    }).map((each) => each.outerHTML)
                    """)).isEqualTo(List.of());
            assertThat(demo.user(name).locator(".name")).hasAttribute("title", name);
        }
    }

    /** WCAG 1.4.11: the edge of what can be filled in has a contrast of 3 on its ground. */
    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void edges_of_fields_can_be_seen(ColorScheme scheme) {
        try (DemoPages pages = new DemoPages()) {
            DemoPage demo = pages.demo(new NewContextOptions().setColorScheme(scheme), "alice");
            assertThat(demo.page().evaluate("""
                    () => {
                      const light = (colour) => {
                        const [r, g, b] = colour.match(/[\\d.]+/g).map((each) => each / 255)
                          .map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
                        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
                      };
                      return [...document.querySelectorAll("input:not([type=radio]), select, textarea")].filter((each) => {
                        const edge = light(getComputedStyle(each).borderTopColor);
                        const ground = light(getComputedStyle(each.closest(".card")).backgroundColor);
                        return Math.max(edge, ground) / Math.min(edge, ground) < 3;
                      }).length;
                    }
                    """)).isEqualTo(0);
        }
    }

    @Test
    void who_has_the_lock_is_said_once_and_to_a_waiter_that_it_is_theirs() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage demo = pages.demo("alice", "bob");
            var told = demo.page().locator("#told");
            assertThat(told).hasText("");
            demo.press("alice", "Acquire");
            assertThat(told).hasText("alice holds document");
            demo.press("bob", "Wait in line");
            demo.expect("bob", "1st of 1 in line");
            demo.press("alice", "Release");
            assertThat(told).hasText("bob: you hold document");
            demo.press("bob", "Release");
            assertThat(told).hasText("document is free");
        }
    }

    @Test
    void nothing_is_asked_of_any_other_host() {
        try (DemoPages pages = new DemoPages()) {
            List<String> asked = new ArrayList<>();
            var window = pages.window(new NewContextOptions());
            window.onRequest(request -> asked.add(request.url()));
            pages.open(window, pages.path("alice", "bob"));
            assertThat(asked)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(url -> assertThat(url).startsWith(pages.url("/")));
        }
    }

    /** One lock held with a line, one kept for an absent owner, one free, a refusal, and opened code. */
    private static void everyStateAtOnce(DemoPage demo) {
        demo.press("alice", "Acquire");
        demo.expect("alice", "Holds document");
        demo.press("bob", "Wait in line");
        demo.expect("bob", "1st of 1 in line");
        demo.page().getByLabel("Buttons act on").fill("printer");
        demo.press("carol", "Set");
        demo.press("carol", "Acquire");
        demo.expect("carol", "Holds printer");
        demo.press("alice", "Acquire");
        demo.expect("alice", "(-14007)");
        demo.press("carol", "Pull the plug");
        demo.expectLock("printer", "Offline: kept");
    }

    /** What axe thinks is serious. */
    private static Object findings(Page page) throws IOException {
        page.evaluate(axe());
        return page.evaluate("""
                async () => (await axe.run()).violations
                  .filter(({ impact }) => impact === "serious" || impact === "critical")
                  .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => html + failureSummary).join(" | ")}`)
                """);
    }

    private static void tabTo(Page page, String text) {
        for (int i = 0; i < 60; i++) {
            page.keyboard().press("Tab");
            if (text.equals(page.evaluate("document.activeElement.textContent"))) {
                return;
            }
        }
        throw new AssertionError(text + " is not reached by Tab");
    }

    private static com.microsoft.playwright.Locator.ScreenshotOptions picture(String name) {
        return new com.microsoft.playwright.Locator.ScreenshotOptions().setPath(path(name));
    }

    private static void shoot(Page page, String name, boolean whole) {
        page.screenshot(new Page.ScreenshotOptions().setPath(path(name)).setFullPage(whole));
    }

    private static Path path(String name) {
        return Path.of("target/screenshots/" + name + ".png");
    }

    private static String axe() throws IOException {
        try (InputStream script = AccessibilityTest.class.getClassLoader().getResourceAsStream(AXE)) {
            return new String(Objects.requireNonNull(script, AXE).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
