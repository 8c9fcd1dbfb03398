// SPDX-License-Identifier: Apache-2.0
import { svg } from "./dom.js";

const RADIUS = 26;
const LENGTH = 2 * Math.PI * RADIUS;

/** A padlock inside a ring. The ring is full as long as the owner is online, and drains while it is away. */
export function createRing() {
  const track = svg("circle.track", { cx: 32, cy: 32, r: RADIUS });
  const rest = svg("circle.rest", { cx: 32, cy: 32, r: RADIUS, "stroke-dasharray": LENGTH, transform: "rotate(-90 32 32)" });
  const shackle = svg("path.shackle", {});
  const body = svg("rect.body", { x: 22, y: 30, width: 20, height: 15, rx: 3 });
  const element = svg("svg.ring", { viewBox: "0 0 64 64", width: 64, height: 64, "aria-hidden": "true" }, track, rest, shackle, body);

  return {
    element,
    /** `part`: how much of the ttl is left, 1 to 0. */
    update(state, part) {
      element.dataset.state = state;
      rest.setAttribute("stroke-dashoffset", state === "free" ? LENGTH : LENGTH * (1 - part));
      shackle.setAttribute("d", state === "free" ? "M26 30v-5a6 6 0 0 1 11.5-2.4" : "M26 30v-5a6 6 0 0 1 12 0v5");
    },
  };
}
