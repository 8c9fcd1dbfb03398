// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A page knows when it may no longer trust its lock, and comes back whatever happens to its connection. */
class TrustTest {

    private static final String LOGIN = """
            async (userId) => {
              const { default: RTM } = await import("/sdk/rtm-locks.js");
              globalThis.where = { channel: "c", channelType: 1, lockName: "l" };
              globalThis.rtm = new RTM({ userId });
              await rtm.login();
              await rtm.subscribe("c", { withLock: true });
              await rtm.lock.setLock({ ...where, ttl: 1, ifExists: "keep" });
            }
            """;

    @Test
    void a_frozen_page_learns_of_its_loss_before_its_own_code_runs() {
        try (DemoPages pages = new DemoPages("lock.ttlMinSeconds", "1", "session.heartbeatMs", "200")) {
            Page alice = pages.bare();
            Page bob = pages.bare();
            alice.evaluate(LOGIN, "alice");
            bob.evaluate(LOGIN, "bob");
            alice.evaluate("""
                    async () => {
                      const grant = await rtm.lock.acquireLock(where);
                      globalThis.looks = [];
                      setInterval(() => looks.push({ at: Date.now(), trusts: grant.validForMs() > 0, aborted: grant.signal.aborted }), 5);
                    }
                    """);
            until(alice, "looks.length > 10");

            CDPSession devtools = alice.context().newCDPSession(alice);
            freeze(devtools, "frozen");
            double takenAt = (Double) bob.evaluate("""
                    async () => {
                      await rtm.lock.revokeLock(where);
                      const { timestamp } = await rtm.lock.acquireLock(where);
                      globalThis.takenAt = performance.now();
                      return timestamp + 0.5;
                    }
                    """);
            until(bob, "performance.now() > takenAt + 1500");
            freeze(devtools, "active");

            until(alice, "looks.some(({ at }) => at > " + (takenAt + 1400) + ")");
            List<?> betrayed = (List<?>) alice.evaluate(
                    "taken => looks.filter(({ at, trusts, aborted }) => at > taken && (trusts || !aborted))", takenAt);
            List<?> whileFrozen = (List<?>)
                    alice.evaluate("taken => looks.filter(({ at }) => at > taken + 100 && at < taken + 1400)", takenAt);
            assertThat(whileFrozen).as("it was frozen").isEmpty();
            assertThat(betrayed).isEmpty();
        }
    }

    /** The page's policy forbids what Playwright's own waiting does. */
    private static void until(Page page, String condition) {
        page.evaluate(
                "async () => { while (!(" + condition + ")) await new Promise((next) => setTimeout(next, 20)); }");
    }

    private static void freeze(CDPSession devtools, String state) {
        JsonObject parameters = new JsonObject();
        parameters.addProperty("state", state);
        devtools.send("Page.setWebLifecycleState", parameters);
    }

    @Test
    void a_storm_of_reconnects_loses_no_answer_and_no_lock() {
        try (DemoPages pages = new DemoPages("limits.acquirePerSecond", "0", "limits.opsPerSecond", "0")) {
            Page page = pages.bare();
            page.evaluate("""
                    () => {
                      const sockets = new Set();
                      globalThis.WebSocket = class extends WebSocket {
                        constructor(...how) {
                          super(...how);
                          sockets.add(this);
                          this.addEventListener("close", () => sockets.delete(this));
                        }
                      };
                      globalThis.cutAll = () => { for (const socket of sockets) socket.close(4000); };
                    }
                    """);
            page.evaluate(LOGIN, "alice");

            Object told = page.evaluate("""
                    async () => {
                      const { sessionId } = rtm;
                      const keeper = { ...where, lockName: "kept" };
                      await rtm.lock.setLock({ ...keeper, ttl: 30 });
                      const kept = await rtm.lock.acquireLock(keeper);
                      let cuts = 0;
                      rtm.addEventListener("linkState", ({ currentState }) => {
                        if (currentState === "CONNECTED" && cuts++ < 15) setTimeout(cutAll, 5 * cuts);
                      });
                      cutAll();
                      let done = 0;
                      let last = 0;
                      let grown = true;
                      while (cuts < 15 || done < 25) {
                        const { fencingToken } = await rtm.lock.acquireLock({ ...where, retry: true });
                        grown &&= fencingToken > last;
                        last = fencingToken;
                        await rtm.lock.releaseLock(where);
                        done++;
                      }
                      const { locks } = await rtm.lock.getLock(where);
                      const byName = Object.fromEntries(locks.map((lock) => [lock.lockName, lock]));
                      return {
                        grown,
                        free: byName.l.owner === "",
                        kept: byName.kept.fencingToken === kept.fencingToken && !kept.signal.aborted,
                        same: rtm.sessionId === sessionId,
                      };
                    }
                    """);

            assertThat(told).isEqualTo(Map.of("grown", true, "free", true, "kept", true, "same", true));
        }
    }
}
