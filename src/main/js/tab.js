// SPDX-License-Identifier: Apache-2.0
/** @import { Tab } from "./internal.js" */

/** Names in use in this page: a second client of the same user takes the next. */
const inUse = new Set();
const ID_BLOCK = 1000;
/** A page that reloads frees its claim within this; a tab this one was copied from does not. */
const CLAIM_PATIENCE_MS = 500;

/** @returns {any} */
const attempt = (/** @type {() => any} */ run) => {
  try {
    return run();
  } catch {}
};

/**
 * What a client remembers over a reload: its resume token, and which request ids it may have used.
 * @returns {Tab}
 */
export function createTab(name = "") {
  const storage = attempt(() => sessionStorage);
  const locks = globalThis.navigator?.locks;
  let record = { claim: "", next: 1, resumeToken: undefined };
  let next = 1;
  let key = "";
  let free = () => {};

  const save = () => attempt(() => storage.setItem(key, JSON.stringify(record)));

  /** Resolves to false when another living tab has the claim. @returns {Promise<boolean>} */
  const claim = () =>
    new Promise((resolve) => {
      if (!locks) return resolve(true);
      const patience = new AbortController();
      setTimeout(() => patience.abort(), CLAIM_PATIENCE_MS);
      const hold = () => new Promise((done) => resolve(!!(free = () => done(0))));
      locks.request(`rtm-locks:${record.claim}`, { signal: patience.signal }, hold).catch(({ name }) => resolve(name !== "AbortError"));
    });

  return {
    resumeToken: () => record.resumeToken,

    async open() {
      const fresh = { claim: `${Math.random()}`, next, resumeToken: undefined };
      for (let n = 1; inUse.has((key = `${name}#${n}`)); n++);
      inUse.add(key);
      record = attempt(() => JSON.parse(storage.getItem(key))) ?? fresh;
      if (!(await claim())) {
        record = fresh;
        await claim();
      }
      next = record.next;
    },

    nextId() {
      if (next >= record.next) {
        record.next = next + ID_BLOCK;
        save();
      }
      return next++;
    },

    keep(resumeToken) {
      record.resumeToken = resumeToken;
      save();
    },

    close() {
      record.resumeToken = undefined;
      attempt(() => storage.removeItem(key));
      inUse.delete(key);
      free();
    },
  };
}
