// SPDX-License-Identifier: Apache-2.0
import { el, setText } from "./dom.js";

const NEWS_MS = 30_000;

/** A line at the top of the page for what is wrong or has changed with the service; hidden when there is nothing to say. */
export function createNotice(root) {
  const text = el("span");
  const way = el("a.button");
  root.append(text, way);
  let ending;

  const show = (kind, sentence, { href = "", label = "" } = {}) => {
    clearTimeout(ending);
    root.dataset.kind = kind;
    setText(text, sentence);
    Object.assign(way, { href, textContent: label, hidden: !href });
    root.hidden = !sentence;
  };
  return {
    wrong: (sentence, link) => show("wrong", sentence, link),
    tell(sentence) {
      show("news", sentence);
      ending = setTimeout(() => show("", ""), NEWS_MS);
    },
    clear: () => show("", ""),
  };
}
