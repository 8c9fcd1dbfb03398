// SPDX-License-Identifier: Apache-2.0
import { el, keyed, setText } from "./dom.js";

const CALLS_SHOWN = 12;

/** The latest calls: what was written, what was sent, what came back. */
export function createCode(root, { users }) {
  const filter = el("select");
  const list = el("div.calls");
  const entries = new WeakMap();
  root.append(el("label", {}, "Calls of ", filter), list);
  let newest;

  return {
    /** Shows the calls of one user, the latest opened. */
    showUser(name) {
      filter.value = name;
      newest = undefined;
      this.update();
      root.scrollIntoView({ block: "start" });
      list.querySelector("summary")?.focus();
    },

    update() {
      keyed(filter, ["everyone", ...users.map(({ name }) => name)], (name) => el("option", { value: name }, name));
      const calls = users
        .filter(({ name }) => filter.value === "everyone" || filter.value === name)
        .flatMap((user) => user.calls)
        .sort((a, b) => b.number - a.number)
        .slice(0, CALLS_SHOWN);
      keyed(list, calls.map(({ number }) => String(number)), (key) => {
        const call = calls.find(({ number }) => String(number) === key);
        const entry = createEntry(call);
        entries.set(call, entry);
        return entry.element;
      });
      for (const call of calls) entries.get(call)?.update();
      if (calls[0] && calls[0] !== newest) {
        entries.get(newest)?.close();
        newest = calls[0];
        entries.get(newest)?.open();
      }
    },
  };
}

function createEntry(call) {
  const outcome = el("span.quiet");
  const frames = el("ol.frames", { "aria-label": "Frames" });
  const element = el("details.call", {},
    el("summary", {}, el("strong.name", { title: call.user.name }, call.user.name), ` ${call.method} `, outcome),
    el("pre.code", { tabIndex: 0 }, el("code", {}, call.code)),
    frames);

  return {
    element,
    open: () => (element.open = true),
    close: () => (element.open = false),
    update() {
      setText(outcome, outcomeText(call));
      const keys = call.frames.map((_, i) => String(i));
      keyed(frames, keys, (i) => frameItem(call.frames[i], call.frames[0].at));
    },
  };
}

function outcomeText({ refused, errorCode, left, reply, tookMs }) {
  if (left) return "left the queue";
  if (refused) return `refused${errorCode ? ` (${errorCode})` : ""}`;
  return reply ? `${tookMs.toFixed(1)} ms` : "waits";
}

const frameItem = ({ direction, text, at }, began) =>
  el("li", {},
    el("span.direction", {}, `${direction === "out" ? "sent" : "received"} +${(at - began).toFixed(0)} ms`),
    el("code", {}, text));
