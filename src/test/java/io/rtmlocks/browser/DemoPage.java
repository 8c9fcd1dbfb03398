// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.options.AriaRole;

/** The demo in one window, read and operated as a person does: by names and texts. */
record DemoPage(Page page) {

    private static final String READY = "html[data-ready=true]";
    private static final double PATIENCE_MS = 10_000;

    /** The demo in this tab, as soon as its users are in. */
    static DemoPage of(Page page) {
        page.waitForSelector(READY);
        return new DemoPage(page);
    }

    void reload() {
        page.reload();
        page.waitForSelector(READY);
    }

    Locator user(String name) {
        return page.getByRole(
                AriaRole.REGION, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator lock(String name) {
        return page.getByRole(
                AriaRole.ARTICLE,
                new Page.GetByRoleOptions().setName("Lock " + name).setExact(true));
    }

    void press(String user, String button) {
        button(user, button).click();
    }

    Locator button(String user, String name) {
        return user(user)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Waits until the user's pane says so. */
    void expect(String user, String text) {
        expect(user, text, PATIENCE_MS);
    }

    void expect(String user, String text, double withinMs) {
        assertThat(user(user)).containsText(text, new ContainsTextOptions().setTimeout(withinMs));
    }

    /** What the user's own tab was told, the latest first. */
    Locator events(String user) {
        return user(user).getByRole(AriaRole.LIST).last().getByRole(AriaRole.LISTITEM);
    }

    /** The fencing token on the lock's card. */
    String tokenOf(String lock) {
        return lock(lock).getByRole(AriaRole.DEFINITION).first().textContent();
    }

    /** Waits until the lock's card says so. */
    void expectLock(String lock, String text) {
        assertThat(lock(lock)).containsText(text, new ContainsTextOptions().setTimeout(PATIENCE_MS));
    }
}
