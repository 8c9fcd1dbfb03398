// SPDX-License-Identifier: Apache-2.0
import RTM from "/sdk/rtm-locks.js";

const LIST_EVERY_MS = 1000;

/** The page's own session: it owns nothing, and is told everything that the board and the timeline show. */
export async function observe(url, channel, { onLock, onList, onStorage, onFrame }) {
  const rtm = new RTM({ url, userId: "the board", onFrame });
  rtm.addEventListener("lock", onLock);
  rtm.addEventListener("storage", onStorage);
  await rtm.login();
  await rtm.subscribe(channel, { withLock: true, withQueue: true, withStorage: true });
  const list = async () => {
    const { locks } = await rtm.lock.getLock({ channel, channelType: 1, withQueue: true });
    onList(locks);
  };
  // Events tell every change of a lock; whether an owner is online at this moment, only the list does.
  setInterval(() => list().catch(() => {}), LIST_EVERY_MS);
  await list();
  return rtm;
}
