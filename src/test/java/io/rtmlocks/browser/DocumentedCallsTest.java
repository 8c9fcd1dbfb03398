// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A fresh page that does what the documentation says, word for word, in both styles of the API (PROTOCOL.md §8). */
class DocumentedCallsTest {

    private final DemoPages pages = new DemoPages();

    @AfterEach
    void close() {
        pages.close();
    }

    @Test
    void the_six_calls_in_object_form_work_as_written() {
        Object told = pages.bare().evaluate("""
                        async () => {
                          const { default: RTM } = await import("/sdk/rtm-locks.js");
                          const rtm = new RTM({ userId: "alice" });
                          await rtm.login();
                          const events = [];
                          rtm.addEventListener("lock", (e) => events.push(e.eventType));
                          await rtm.subscribe("my_channel", { withLock: true });
                          const answers = [
                            await rtm.Lock.setLock({ channel: "my_channel", channelType: 1, lockName: "my_lock", ttl: 30 }),
                            await rtm.Lock.acquireLock({ channel: "my_channel", channelType: 1, lockName: "my_lock", retry: true }),
                            await rtm.Lock.getLock({ channel: "my_channel", channelType: 1 }),
                            await rtm.Lock.releaseLock({ channel: "my_channel", channelType: 1, lockName: "my_lock" }),
                          ];
                          await rtm.Lock.acquireLock({ channel: "my_channel", channelType: 1, lockName: "my_lock" });
                          answers.push(
                            await rtm.Lock.revokeLock({ channel: "my_channel", channelType: 1, lockName: "my_lock", owner: "alice" }),
                            await rtm.Lock.removeLock({ channel: "my_channel", channelType: 1, lockName: "my_lock" }),
                          );
                          await rtm.logout();
                          const heads = answers.map(({ errorCode, channel, channelType }) => `${errorCode} ${channel} ${channelType}`);
                          return { answers: heads, events };
                        }
                        """);

        assertThat(told)
                .isEqualTo(Map.of(
                        "answers", Collections.nCopies(6, "0 my_channel MESSAGE"),
                        "events",
                                List.of("SNAPSHOT", "SET", "ACQUIRED", "RELEASED", "ACQUIRED", "RELEASED", "REMOVED")));
    }

    @Test
    void the_positional_form_answers_in_its_own_words() {
        Object told = pages.bare().evaluate("""
                        async () => {
                          const { default: RTM } = await import("/sdk/rtm-locks.js");
                          const rtm = new RTM("an app", "alice", {});
                          await rtm.login();
                          await rtm.lock.setLock("c", "MESSAGE", "l", { ttl: 30 });
                          const grant = await rtm.lock.acquireLock("c", "MESSAGE", "l", { retry: true });
                          const list = await rtm.lock.getLock("c", "MESSAGE");
                          const taken = await rtm.lock.setLock("c", "MESSAGE", "l", { ttl: 30 }).catch((e) => e);
                          await rtm.lock.revokeLockLock("c", "MESSAGE", "l", "alice");
                          await rtm.lock.removeLockLock("c", "MESSAGE", "l");
                          return {
                            same: rtm.Lock === rtm.lock,
                            channelName: grant.channelName,
                            channelType: grant.channelType,
                            lockName: grant.lockName,
                            owner: list.lockDetails[0].owner,
                            total: list.totalLocks,
                            code: taken.errorCode,
                            operation: taken.operation,
                            isError: taken instanceof Error && taken.error,
                            lost: grant.signal.aborted,
                          };
                        }
                        """);

        assertThat(told)
                .isEqualTo(Map.of(
                        "same",
                        true,
                        "channelName",
                        "c",
                        "channelType",
                        "MESSAGE",
                        "lockName",
                        "l",
                        "owner",
                        "alice",
                        "total",
                        1,
                        "code",
                        -14004,
                        "operation",
                        "setLock",
                        "isError",
                        true,
                        "lost",
                        true));
    }

    @Test
    void withLock_releases_after_its_function_and_an_abort_leaves_the_queue() {
        Page page = pages.bare();

        Object told = page.evaluate("""
                async () => {
                  const { default: RTM } = await import("/sdk/rtm-locks.js");
                  const [alice, bob] = ["alice", "bob"].map((userId) => new RTM({ userId }));
                  await Promise.all([alice.login(), bob.login()]);
                  const where = { channel: "c", channelType: 1, lockName: "l" };
                  const done = [];
                  await alice.lock.setLock({ ...where, ttl: 10 });
                  const waiting = new Promise((resolve) => (alice.waits = resolve));
                  const leave = new AbortController();
                  let bobs;
                  await alice.lock.withLock(where, {}, async (grant) => {
                    done.push(grant.validForMs() > 0);
                    bobs = bob.lock
                      .withLock(where, { retry: true, signal: leave.signal, onWaiting: alice.waits }, () => done.push("never"))
                      .catch((e) => e.name);
                    await waiting;
                    leave.abort();
                    done.push(await bobs);
                  });
                  const { locks } = await alice.lock.getLock({ ...where, withQueue: true });
                  done.push(locks[0].owner, locks[0].queue.length);
                  const failed = await bob.lock.withLock(where, {}, () => { throw new Error("mine"); }).catch((e) => e.message);
                  done.push(failed, (await bob.lock.getLock(where)).locks[0].owner);
                  return done;
                }
                """);

        assertThat(told).isEqualTo(List.of(true, "AbortError", "", 0, "mine", ""));
    }
}
