// SPDX-License-Identifier: Apache-2.0
import { el, setText, svg } from "./dom.js";

const SLOTS = 60;
const WIDTH = 240;
const HEIGHT = 72;
const SCALE_MIN_MS = 2;

/** The last 60 round trips as columns, with lines at p50 and p99. */
export function createLatency(root, trips) {
  const chart = svg("svg.columns", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const p50 = el("dd.number");
  const p99 = el("dd.number");
  root.append(
    el("dl.facts", {}, el("div", {}, el("dt", {}, "p50"), p50), el("div", {}, el("dt", {}, "p99"), p99)),
    chart,
    el("p.quiet", {}, "The last 60 round trips, frame to frame."));
  let shown;

  return {
    update() {
      const latest = trips.latest();
      if (latest === shown || latest.length === 0) return;
      shown = latest;
      const [half, most] = [trips.percentile(0.5), trips.percentile(0.99)];
      setText(p50, `${half.toFixed(1)} ms`);
      setText(p99, `${most.toFixed(1)} ms`);
      const y = (ms) => HEIGHT - (Math.min(ms, most) / Math.max(most, SCALE_MIN_MS)) * (HEIGHT - 6);
      const slot = WIDTH / SLOTS;
      const columns = latest.map((ms, i) =>
        svg("rect.column", { x: (SLOTS - latest.length + i) * slot + 0.5, y: y(ms), width: slot - 1, height: HEIGHT - y(ms) }));
      const line = (name, ms) => svg(`line.${name}`, { x1: 0, x2: WIDTH, y1: y(ms), y2: y(ms) });
      chart.replaceChildren(...columns, line("p50", half), line("p99", most));
    },
  };
}
