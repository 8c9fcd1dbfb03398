// SPDX-License-Identifier: Apache-2.0
/** @import { Tab } from "./internal.js" */

const inUse = new Set();

/** @returns {any} */
const attempt = (/** @type {() => any} */ run) => {
  try {
    return run();
  } catch {}
};

/** @returns {Tab} */
export function createTab(name = "") {
  const storage = attempt(() => sessionStorage);
  /** @type {string | undefined} */
  let resumeToken;
  let key = "";
  let id = 1;

  const save = (gone = false) => attempt(() => key && storage.setItem(key, JSON.stringify({ resumeToken, gone })));

  return {
    open() {
      if (key) return save();
      for (let n = 1; inUse.has((key = `${name}#${n}`)); n++);
      inUse.add(key);
      const left = attempt(() => JSON.parse(storage.getItem(key)));
      if (left?.gone) {
        resumeToken = left.resumeToken;
        id = Date.now() * 1000;
      }
      save();
    },

    nextId: () => id++,

    resumeToken: () => resumeToken,

    keep(token) {
      resumeToken = token;
      save();
    },

    leave: () => save(true),

    close() {
      attempt(() => storage.removeItem(key));
      inUse.delete(key);
      resumeToken = undefined;
      key = "";
    },
  };
}
