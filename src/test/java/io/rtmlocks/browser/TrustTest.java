// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
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
        try (DemoPages pages = new DemoPages("lock.ttlMinSeconds", "1", "session.heartbeatMs", "200");
                FreezablePage alice = new FreezablePage(pages.url("/sdk/package.json"))) {
            Page bob = pages.bare();
            alice.evaluate("(" + LOGIN + ")('alice')");
            bob.evaluate(LOGIN, "bob");
            alice.evaluate("""
                    rtm.lock.acquireLock(where).then((grant) => {
                      globalThis.looks = [];
                      setInterval(() => looks.push({ at: Date.now(), trusts: grant.validForMs() > 0, aborted: grant.signal.aborted }), 5);
                    })
                    """);
            alice.until("looks.length > 5");
            alice.until("looks.every(({ trusts, aborted }) => trusts && !aborted)");

            alice.freeze();
            double takenAt = (Double) bob.evaluate("""
                    async () => {
                      await rtm.lock.revokeLock(where);
                      await rtm.lock.acquireLock(where);
                      const takenAt = Date.now();
                      while (Date.now() < takenAt + 1500) await new Promise((next) => setTimeout(next, 50));
                      return takenAt + 0.5;
                    }
                    """);
            alice.thaw();

            String since = "looks.filter(({ at }) => at > %s)".formatted(Double.toString(takenAt));
            alice.until(since + ".length > 5");
            assertThat(alice.evaluate(since + "[0].at").getAsDouble())
                    .as("it was frozen")
                    .isGreaterThan(takenAt + 1400);
            assertThat(alice.evaluate(since + ".filter(({ trusts, aborted }) => trusts || !aborted).length")
                            .getAsInt())
                    .isZero();
        }
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
