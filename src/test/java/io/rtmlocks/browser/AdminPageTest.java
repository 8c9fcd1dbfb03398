// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.rtmlocks.gateway.RunningNode;
import io.rtmlocks.gateway.TestClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator finds a lock, sees its past, and acts, in both themes, by keyboard, on a phone; and is told when the node is gone. */
class AdminPageTest {
    private static final String TOKEN = "0123456789012345678901234567890123456789";

    private final List<RunningNode> nodes = new ArrayList<>();
    private final List<BrowserContext> windows = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private TestClient alice;

    @AfterEach
    void close() {
        windows.forEach(BrowserContext::close);
        nodes.forEach(RunningNode::close);
        assertThat(complaints).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"LIGHT", "DARK"})
    void axe_finds_nothing_serious(ColorScheme scheme) throws IOException {
        Page page = open(busy(node()), new NewContextOptions().setColorScheme(scheme));
        String name = "admin-" + scheme.name().toLowerCase(Locale.ROOT);
        page.getByText("Shards, their leaders").click();
        assertThat(page.locator("#shards tbody tr")).hasCount(16);
        shoot(page, name);
        page.evaluate(axe());
        expectNoFindings(page);
        openLock(page);
        shoot(page, name + "-lock");
        expectNoFindings(page);
        page.getByText("Revoke …").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
        shoot(page, name + "-confirm");
        expectNoFindings(page);
    }

    @Test
    void a_lock_is_found_looked_at_and_revoked_by_keyboard_alone() {
        Page page = open(busy(node()), new NewContextOptions());
        page.getByLabel("Find").fill("seat");
        assertThat(page.locator("#locks tbody tr")).hasCount(1);
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("seat-12"))
                .focus();
        page.keyboard().press("Enter");
        assertThat(page.locator("#lock-title")).isFocused();
        assertThat(page.locator("#lock")).containsText("alice");
        assertThat(page.locator("#lock")).containsText("bob");

        page.getByText("Revoke …").focus();
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("alice loses it");
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
        assertThat(alice.view("seat-12").getString("owner")).isEqualTo("alice");

        page.keyboard().press("Enter");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        assertThat(page.locator("#told")).containsText("done");
        assertThat(alice.sessionEvent("LOCK_LOST").getString("cause")).isEqualTo("REVOKED");
        assertThat(page.locator("#lock")).containsText("alice lost it: revoked by an operator");

        page.getByText("← All locks").click();
        assertThat(page.locator("#actions")).containsText("revoke");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock/%E0%A4%A", "lock/MESSAGE", "lock/MESSAGE/c/", "channel/MESSAGE", "locks/MESSAGE/c/l"})
    void an_address_that_names_nothing_is_said_to_be_none(String address) {
        RunningNode node = busy(node());
        Page page = open(node, new NewContextOptions());
        page.navigate(url(node) + "#/" + address);
        assertThat(page.locator("#wrong-address")).containsText("names no lock and no channel");
        assertThat(page.locator("#link")).hasText("Up to date");
        assertThat(page.locator("#locks tbody tr")).hasCount(3);
        openLock(page);
        page.getByText("← All locks").click();
        assertThat(page.locator("#overview")).isVisible();
        assertThat(page.locator("#wrong-address")).isHidden();
    }

    @Test
    void a_question_put_again_at_once_is_answered() {
        Page page = open(busy(node()), new NewContextOptions());
        openLock(page);
        page.evaluate("""
                () => {
                  const revoke = [...document.querySelectorAll("button")].find((each) => each.textContent === "Revoke …");
                  const dialog = document.getElementById("confirm");
                  const closed = new Promise((resolve) => dialog.addEventListener("close", resolve));
                  revoke.click();
                  dialog.querySelector("[value=no]").click();
                  revoke.click();
                  return closed.then(() => true);
                }
                """);
        page.locator("#confirm-yes").click();
        assertThat(page.locator("#told")).containsText("done");
    }

    @Test
    void it_refreshes_without_touching_what_stays() {
        Page page = open(busy(node()), new NewContextOptions());
        page.evaluate("document.querySelector('#locks tbody tr').marked = true");
        alice.lock("setLock", "a new one");
        assertThat(page.locator("#locks tbody tr")).hasCount(4);
        assertThat(page.evaluate(
                        "[...document.querySelectorAll('#locks tbody tr')].filter((row) => row.marked).length"))
                .isEqualTo(1);
    }

    @Test
    void a_narrow_screen_needs_no_scrolling_sideways() {
        Page page = open(busy(node()), new NewContextOptions().setViewportSize(360, 740));
        shoot(page, "admin-narrow");
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
        openLock(page);
        shoot(page, "admin-narrow-lock");
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
    }

    @Test
    void a_node_that_is_gone_is_told_and_what_was_seen_stays() {
        RunningNode node = busy(node());
        Page page = open(node, new NewContextOptions());
        node.close();
        nodes.remove(node);
        assertThat(page.locator("#link")).containsText("Cannot reach the node");
        assertThat(page.locator("#link")).containsText("What you see is of");
        assertThat(page.locator("#locks tbody tr")).hasCount(3);
        shoot(page, "admin-lost");
    }

    @Test
    void a_node_with_a_token_asks_for_it_and_nothing_but_this_node_is_asked() {
        RunningNode node = busy(node("management.token", TOKEN));
        BrowserContext window = window(new NewContextOptions());
        List<String> asked = new ArrayList<>();
        window.onRequest(request -> asked.add(request.url()));
        Page page = window.newPage();
        page.navigate(url(node));
        page.locator("#token").fill("wrong");
        page.keyboard().press("Enter");
        assertThat(page.locator("#login-why")).containsText("management.token");
        page.locator("#token").fill(TOKEN);
        page.keyboard().press("Enter");
        assertThat(page.locator("#verdict")).containsText("All is well");
        assertThat(asked)
                .hasSizeGreaterThan(8)
                .allSatisfy(each -> assertThat(each).startsWith(url(node)));
    }

    private RunningNode node(String... settings) {
        RunningNode node = RunningNode.with(settings);
        nodes.add(node);
        return node;
    }

    /** A lock with an owner and a waiter, one whose owner is away, one that is free. */
    private RunningNode busy(RunningNode node) {
        alice = node.login("alice");
        alice.lock("setLock", "seat-12");
        alice.lock("acquireLock", "seat-12");
        TestClient bob = node.login("bob");
        bob.sendLock("acquireLock", "seat-12", "retry", true);
        bob.sync();
        alice.lock("setLock", "free");
        TestClient carol = node.login("carol");
        carol.lock("setLock", "printer", "ttl", 300);
        carol.lock("acquireLock", "printer");
        carol.cut();
        alice.eventually("printer", view -> !view.getBoolean("ownerOnline"));
        return node;
    }

    private BrowserContext window(NewContextOptions options) {
        BrowserContext window = Browsers.chromium().newContext(options);
        window.setDefaultTimeout(30_000);
        windows.add(window);
        return window;
    }

    private Page open(RunningNode node, NewContextOptions options) {
        Page page = window(options).newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                complaints.add(message.text());
            }
        });
        page.navigate(url(node));
        Locator rows = page.locator("#locks tbody tr");
        assertThat(rows).hasCount(3);
        return page;
    }

    private static String url(RunningNode node) {
        return "http://127.0.0.1:" + node.node().managementPort() + "/admin/";
    }

    private static void openLock(Page page) {
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("seat-12"))
                .click();
        assertThat(page.locator("#lock-title")).hasText("seat-12");
        assertThat(page.locator("#lock")).containsText("acquired by alice");
    }

    private static void expectNoFindings(Page page) {
        Object findings = page.evaluate("""
                async () => (await axe.run()).violations
                  .filter(({ impact }) => impact === "serious" || impact === "critical")
                  .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => html + failureSummary).join(" | ")}`)
                """);
        assertThat(findings).isEqualTo(List.of());
    }

    private static void shoot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target/screenshots/" + name + ".png"))
                .setFullPage(true));
    }

    private static String axe() throws IOException {
        try (InputStream script = AdminPageTest.class.getClassLoader().getResourceAsStream("axe.min.js")) {
            return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
