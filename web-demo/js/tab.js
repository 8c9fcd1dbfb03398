// SPDX-License-Identifier: Apache-2.0
// What one user's page runs. The demo loads it into a frame for each user, so that closing and reloading are real.
import RTM from "/sdk/rtm-locks.js";
import { createPlug } from "./plug.js";

/** A client that is logged in and sees what happens in the channel. `listeners`: event type -> function. */
async function openTab({ url, userId, channel, listeners, onFrame, onConnect }) {
  const plug = createPlug(WebSocket, onConnect);
  const rtm = new RTM({ url, userId, WebSocket: plug.WebSocket, onFrame });
  for (const [type, listener] of Object.entries(listeners)) rtm.addEventListener(type, listener);
  const { held = [], waiting = [] } = await rtm.login();
  await rtm.subscribe(channel, { withLock: true });
  return { rtm, plug, held, waiting };
}

globalThis.openTab = openTab;
