// SPDX-License-Identifier: Apache-2.0
import RTM from "/sdk/rtm-locks.js";

const LIST_EVERY_MS = 1000;
const SILENCE_MS = 2500;

/**
 * The page's own session: it owns nothing, and is told everything that the board and the timeline show. Resolves when it is in, however
 * long that takes, and fails when it is refused. `onLink(isUp, reason)` tells whether what was told still holds.
 */
export async function observe(url, channel, { onLock, onList, onStorage, onFrame, onLink }) {
  const rtm = new RTM({ url, userId: "the board", onFrame });
  rtm.addEventListener("lock", onLock);
  rtm.addEventListener("storage", onStorage);
  await connected(rtm, onLink);
  await rtm.subscribe(channel, { withLock: true, withQueue: true, withStorage: true });
  const list = async () => {
    const silence = setTimeout(() => onLink(false), SILENCE_MS);
    try {
      const { locks } = await rtm.lock.getLock({ channel, channelType: 1, withQueue: true });
      onList(locks);
      onLink(true);
    } finally {
      clearTimeout(silence);
    }
  };
  // Events tell every change of a lock; whether an owner is online at this moment, only the list does.
  setInterval(() => rtm.linkState === "CONNECTED" && list().catch(() => {}), LIST_EVERY_MS);
  await list();
  return rtm;
}

/** Login gives up after a while, but the client does not: it goes on trying. */
function connected(rtm, onLink) {
  return new Promise((resolve, reject) => {
    rtm.addEventListener("linkState", ({ currentState, reason }) => {
      if (currentState === "CONNECTED") return resolve();
      if (currentState === "FAILED") reject(new Error(reason));
      if (currentState !== "CONNECTING") onLink(false, reason);
    });
    rtm.login().catch(() => {});
  });
}
