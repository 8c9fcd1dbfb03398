// SPDX-License-Identifier: Apache-2.0
import { el, setText } from "./dom.js";
import { stepsAt } from "./tour-script.js";

const READ_MS_PER_CHAR = 42;
const READ_MS_MIN = 2500;
const LOOK_EVERY_MS = 50;

/**
 * Plays the tour in a panel. `stage` finds what the script names: `user(name)`, `element(name)`, `paper`.
 * `pace` stretches the reading time: 0 plays without any.
 */
export function createTour(root, stage, { pace }) {
  const steps = stepsAt(stage.nodes);
  const title = el("h2", { tabIndex: -1 });
  const text = el("p", { role: "status" });
  const next = el("button", { type: "button", onclick: () => goOn() }, "Next");
  const end = el("button", { type: "button", onclick: () => stop() }, "End the tour");
  const progress = el("progress", { max: steps.length, value: 0, "aria-label": "Steps done" });
  root.append(title, text, el("div.buttons", {}, next, end), progress);
  let goOn = () => {};
  let running;

  const spot = (...names) => {
    for (const lit of document.querySelectorAll("[data-spot]")) delete lit.dataset.spot;
    for (const name of names) stage.element(name)?.setAttribute("data-spot", "true");
    stage.element(names[0])?.scrollIntoView({ block: "nearest", behavior: "instant" });
  };

  /** Says it, and goes on when it was read, or at `Next`. */
  const say = async (words) => {
    setText(text, words);
    await new Promise((resolve) => {
      goOn = resolve;
      setTimeout(resolve, pace * Math.max(READ_MS_MIN, words.length * READ_MS_PER_CHAR));
    });
    running.signal.throwIfAborted();
  };

  const until = async (condition) => {
    while (!condition()) {
      running.signal.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  };

  function stop() {
    running?.abort();
    goOn();
    spot();
    root.hidden = true;
  }

  async function play() {
    for (const [i, step] of steps.entries()) {
      setText(title, `${i + 1} of ${steps.length}: ${step.title}`);
      await step.play({ ...stage, say, spot, until });
      progress.value = i + 1;
    }
    spot();
    setText(title, "That is all");
    setText(text, "Now press the buttons yourself: everything you saw was real. The code of each call stands below.");
    setText(end, "Close");
    next.hidden = true;
    root.dataset.done = "true";
  }

  return {
    async start() {
      running = new AbortController();
      root.hidden = false;
      title.focus({ preventScroll: true });
      await play().catch((error) => {
        if (!running.signal.aborted) throw error;
      });
    },
  };
}
