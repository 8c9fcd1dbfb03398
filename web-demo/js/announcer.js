// SPDX-License-Identifier: Apache-2.0
import { setText } from "./dom.js";

const SETTLED_MS = 400;

/** Says to those who do not see the board who has the chosen lock: once it is so for a moment, and never what was so at first. */
export function createAnnouncer(root) {
  let said;
  let next;
  let since = 0;

  return {
    /** `waited`: whether the owner is a person of this page who stood in line for it. */
    update({ lockName, owner }, waited, now) {
      const words = !owner ? `${lockName} is free` : waited ? `${owner}: you hold ${lockName}` : `${owner} holds ${lockName}`;
      said ??= words;
      if (words !== next) [next, since] = [words, now];
      if (words === said || now - since < SETTLED_MS) return;
      said = words;
      setText(root, words);
    },
  };
}
