// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.rtmlocks.DevCluster;
import io.rtmlocks.gateway.RunningNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A node and windows that show its pages; all of it ends with the test. Of a cluster, which the test ends, it is the first node.
 * Each window is a browser profile of its own. What a page complains about fails the test when it closes.
 */
final class DemoPages implements AutoCloseable {

    private static final double PATIENCE_MS = 15_000;
    private static final AtomicInteger CHANNELS = new AtomicInteger();

    private final int port;
    private Runnable end;
    private final Browser browser = Browsers.chromium();
    private final List<BrowserContext> windows = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final String channel = "test-" + CHANNELS.incrementAndGet();

    /** @param settings keys and values in turn, such as {@code "lock.ttlMinSeconds", "1"} */
    DemoPages(String... settings) {
        RunningNode node = RunningNode.with(settings);
        port = node.port();
        end = node::close;
    }

    DemoPages(DevCluster cluster) {
        port = cluster.firstPort();
        end = () -> {};
    }

    /** The node goes away; a new one at its place may follow. */
    void endNode() {
        end.run();
        end = () -> {};
    }

    /** A node that knows nothing of the first, where that was. */
    void startNodeAnew() {
        end = RunningNode.with("http.port", String.valueOf(port))::close;
    }

    String channel() {
        return channel;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    BrowserContext window(Browser.NewContextOptions options) {
        BrowserContext window = browser.newContext(options);
        window.setDefaultTimeout(PATIENCE_MS);
        windows.add(window);
        return window;
    }

    /** A page of the node's origin, and under its policy, in which nothing runs yet; in a window of its own. */
    Page bare() {
        Page page = heed(window(new Browser.NewContextOptions()).newPage());
        page.navigate(url("/sdk/package.json"));
        return page;
    }

    /** The demo in a window of its own, with these users. */
    DemoPage demo(String... users) {
        return demo(new Browser.NewContextOptions(), users);
    }

    DemoPage demo(Browser.NewContextOptions options, String... users) {
        return open(window(options), path(users));
    }

    /** Where these users are; their lock is given the shortest ttl that the node allows, and not below 2 seconds. */
    String path(String... users) {
        return "/?ttl=2&channel=" + channel + "&users=" + String.join(",", users);
    }

    DemoPage open(BrowserContext window, String path) {
        return DemoPage.of(show(window, path));
    }

    /** The page as soon as it is there, whatever becomes of its users. */
    Page show(BrowserContext window, String path) {
        Page page = heed(window.newPage());
        page.navigate(url(path));
        return page;
    }

    private Page heed(Page page) {
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && message.text().contains("Content Security Policy")) {
                complaints.add(message.text());
            }
        });
        return page;
    }

    @Override
    public void close() {
        windows.forEach(BrowserContext::close);
        end.run();
        if (!complaints.isEmpty()) {
            throw new AssertionError("pages complained:\n" + String.join("\n", complaints));
        }
    }
}
