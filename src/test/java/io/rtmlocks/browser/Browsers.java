// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The machine's own Chromium, started once for all browser tests and ended with the JVM.
 * Without one the tests are skipped; with {@code -Drtm.browser.required=true} they fail instead.
 */
final class Browsers {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final List<String> OFFLINE = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private static @Nullable Browser chromium;

    private Browsers() {}

    static synchronized Browser chromium() {
        if (chromium == null) {
            chromium = start(executable().orElseGet(Browsers::missing));
        }
        return chromium;
    }

    private static Browser start(Path executable) {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Runtime.getRuntime().addShutdownHook(new Thread(playwright::close));
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(OFFLINE));
    }

    private static Optional<Path> executable() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path missing() {
        String message = "no Chromium on the PATH: the browser tests did not run";
        return Boolean.getBoolean("rtm.browser.required") ? fail(message) : abort(message);
    }
}
