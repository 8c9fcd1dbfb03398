// SPDX-License-Identifier: Apache-2.0
// Not run: it shows the type checker the calls people write.
import RTM, { RtmError, type Grant, type LinkState } from "../../main/js/rtm-locks.js";

const rtm = new RTM({ url: "wss://one.example/rtm", userId: "alice", getToken: async () => "token" });
new RTM("app", "alice", { url: ["wss://one.example/rtm", "wss://two.example/rtm"], token: "token" });
// @ts-expect-error a user id is needed
new RTM({ url: "wss://one.example/rtm" });

rtm.addEventListener("lock", ({ eventType, lockName }) => console.log(eventType, lockName));
rtm.addEventListener("linkState", ({ currentState }) => currentState satisfies LinkState);
rtm.addEventListener("tokenWillExpire", ({ expiresAt, timestamp }) => (expiresAt - timestamp) satisfies number);
// @ts-expect-error no such event
rtm.addEventListener("presence", () => {});

await rtm.login();
await rtm.subscribe("c", { withLock: true });
const where = { channel: "c", channelType: 1, lockName: "l" };
const { ttl } = await rtm.Lock.setLock({ ...where, ttl: 30 });
ttl satisfies number;
const grant: Grant = await rtm.Lock.acquireLock({ ...where, retry: true, signal: AbortSignal.timeout(1000) });
await fetch("/", { signal: grant.signal });
await rtm.Lock.releaseLock(grant);
await rtm.lock.releaseLock(
  await rtm.lock.acquireLock("c", "MESSAGE", "l", { retry: true, onWaiting: ({ position }) => position satisfies number }),
);
await rtm.lock.revokeLockLock("c", "MESSAGE", "l", "bob");
(await rtm.lock.getLock("c", "STREAM")).lockDetails.map(({ owner }) => owner);
(await rtm.lock.getLock({ channel: "c" })).locks.map(({ owner }) => owner);
// @ts-expect-error the lock's name is missing
await rtm.lock.setLock({ channel: "c" });

(await rtm.lock.withLock(where, { timeoutMs: 1000 }, async ({ fencingToken }) => fencingToken)) satisfies number;
(await rtm.lock.withLock(where, () => "text")) satisfies string;
(await rtm.locks("c").request("l", (lock) => lock.name)) satisfies string;
(await rtm.locks("c").request("l", { ifAvailable: true }, (lock) => lock?.name)) satisfies string | undefined;
await rtm.storage.setChannelMetadata("c", "MESSAGE", [{ key: "k", value: "v" }], { lockName: "l", fencingToken: grant.fencingToken });
try {
  await rtm.logout();
} catch (error) {
  if (error instanceof RtmError && error.retryable) console.log(error.errorCode, error.detail?.cause);
}
