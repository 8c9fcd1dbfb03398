// SPDX-License-Identifier: Apache-2.0
import { el, svg } from "./dom.js";
import { clock, duration } from "./words.js";

const WINDOW_MS = 60_000;
const GRID_MS = 10_000;
const ROW = 18;
const LANE_PAD = 7;
const LABEL = 72;
const LABEL_FONT = '600 13px system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif';
const AXIS = 20;
const STILL_EVERY_MS = 1000;
const TELL_EVERY_MS = 3000;

/** Each event has a shape of its own, drawn around 0,0. */
const SHAPES = {
  got: "M0-6 5 4-5 4z",
  released: "M-4-4H4V4H-4z",
  left: "M-4-4H4V4H-4z",
  revoked: "M-5-5 5 5M5-5-5 5",
  expired: "M0-6 6 0 0 6-6 0z",
  removed: "M-5 0H5",
};
const LEGEND = { got: "got the lock", released: "released or left", revoked: "revoked", expired: "expired", removed: "removed" };

/** Draws a Timeline: one lane for each user, time runs to the right, the right edge is now. */
export function createTimeline(root, model, { userClass, lostAt }) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const chart = svg("svg.chart", { role: "img" });
  root.append(chart, legend());
  let drawnAt = 0;
  let toldAt = 0;

  return {
    update(now) {
      if (still.matches && now - drawnAt < STILL_EVERY_MS) return;
      drawnAt = now;
      const width = Math.max(240, root.clientWidth);
      const x = (at) => LABEL + ((at - (now - WINDOW_MS)) / WINDOW_MS) * (width - LABEL - 8);
      const lanes = model.lanes(now);
      let y = 0;
      const drawn = lanes.map((lane) => {
        const group = drawLane(lane, y, { x, now, width, className: userClass(lane.user) });
        y += laneHeight(lane);
        return group;
      });
      chart.setAttribute("viewBox", `0 0 ${width} ${y + AXIS}`);
      chart.setAttribute("height", y + AXIS);
      chart.replaceChildren(hatching(), ...axis(x, now, y, lostAt() ? clock(now) : "now"), ...drawn);
      if (now - toldAt < TELL_EVERY_MS) return;
      toldAt = now;
      chart.setAttribute("aria-label", inWords(lanes, now));
    },
  };
}

/** Each lock of a lane has a row of its own. */
const rowsOf = ({ bars }) => [...new Set(bars.map(({ lockName }) => lockName))].sort();
const laneHeight = (lane) => Math.max(1, rowsOf(lane).length) * ROW + 2 * LANE_PAD;

function drawLane(lane, top, { x, now, width, className }) {
  const rows = rowsOf(lane);
  const height = laneHeight(lane);
  const rowTop = (lockName) => top + LANE_PAD + Math.max(0, rows.indexOf(lockName)) * ROW;
  const bars = lane.bars.map(({ kind, lockName, from, to = now }) => {
    const left = Math.max(LABEL, x(from));
    const bar = svg(`rect.bar.${kind}`, { x: left, y: rowTop(lockName) + 2, width: Math.max(2, x(to) - left), height: ROW - 4, rx: 3 });
    bar.append(svg("title", {}, `${lane.user} ${kind} ${lockName}, ${duration(to - from)}`));
    return bar;
  });
  const marks = lane.marks.map(({ kind, lockName, at }) => {
    const mark = svg(`path.mark.${kind}`, { d: SHAPES[kind], transform: `translate(${x(at)} ${rowTop(lockName) + ROW / 2})` });
    mark.append(svg("title", {}, `${lane.user}: ${LEGEND[kind] ?? kind} (${lockName})`));
    return mark;
  });
  const line = svg("line.edge", { x1: 0, x2: width, y1: top + height, y2: top + height });
  const name = svg("text.name", { x: 0, y: top + height / 2 + 5 }, fitting(lane.user), svg("title", {}, lane.user));
  return svg(`g.lane.${className}`, {}, line, name, ...bars, ...marks);
}

const fitted = new Map();
const ruler = document.createElement("canvas").getContext("2d");

/** As much of a name as the label has room for. */
function fitting(name) {
  if (!fitted.has(name)) {
    ruler.font = LABEL_FONT;
    const fits = (length) => ruler.measureText(`${name.slice(0, length)}…`).width < LABEL - 6;
    let length = name.length;
    while (length > 1 && !fits(length)) length--;
    fitted.set(name, length < name.length ? `${name.slice(0, length)}…` : name);
  }
  return fitted.get(name);
}

function axis(x, now, bottom, end) {
  const ticks = [];
  for (let at = now - WINDOW_MS; at <= now; at += GRID_MS) {
    const ago = Math.round((now - at) / 1000);
    ticks.push(
      svg("line.grid", { x1: x(at), x2: x(at), y1: 0, y2: bottom }),
      svg("text.tick", { x: x(at), y: bottom + 15, "text-anchor": ago ? "middle" : "end" }, ago ? `−${ago} s` : end),
    );
  }
  return ticks;
}

/** Waiting is hatched: it differs from holding by shape, not by colour alone. */
const hatching = () =>
  svg("defs", {}, svg("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("rect.hatch", { width: 2, height: 6 })));

function inWords(lanes, now) {
  const open = lanes.flatMap(({ user, bars }) => bars.filter(({ to }) => to === undefined).map((bar) => ({ user, ...bar })));
  const verbs = { hold: "holds", away: "is offline and keeps", wait: "waits for" };
  const facts = open.map(({ user, kind, lockName, from }) => `${user} ${verbs[kind]} ${lockName} for ${duration(now - from)}`);
  return `Timeline of the last minute. ${facts.join("; ") || "Nobody holds or waits now"}.`;
}

function legend() {
  const sample = (child) => svg("svg.sample", { viewBox: "-12 -8 24 16", width: 24, height: 16, "aria-hidden": "true" }, child);
  const bar = (kind) => svg(`rect.bar.${kind}`, { x: -11, y: -6, width: 22, height: 12, rx: 3 });
  return el("ul.legend", {},
    el("li", {}, sample(bar("hold")), "holds"),
    el("li", {}, sample(bar("away")), "offline, kept for ttl"),
    el("li", {}, sample(bar("wait")), "waits"),
    ...Object.entries(LEGEND).map(([kind, text]) => el("li", {}, sample(svg(`path.mark.${kind}`, { d: SHAPES[kind] })), text)));
}
