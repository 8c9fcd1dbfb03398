// SPDX-License-Identifier: Apache-2.0

const KEPT = 60;
const UNANSWERED_MAX = 200;

/** How long requests took from frame to frame: the last 60. A wait in a queue is not a round trip. */
export class RoundTrips {
  #sent = new Map();
  #tookMs = [];

  /** Takes a frame of a client; `client` tells whose, as each counts its own ids. */
  onFrame(client, direction, text, now) {
    const { id, op, retry } = JSON.parse(text);
    if (id === undefined) return;
    const key = `${client}/${id}`;
    if (direction === "out") {
      if (op === "login" || retry) return;
      if (this.#sent.size >= UNANSWERED_MAX) this.#sent.clear();
      this.#sent.set(key, now);
    } else if (this.#sent.has(key)) {
      this.#tookMs.push(now - this.#sent.get(key));
      this.#tookMs = this.#tookMs.slice(-KEPT);
      this.#sent.delete(key);
    }
  }

  /** In the order measured, milliseconds. */
  latest() {
    return this.#tookMs;
  }

  /** The time within which `share` (0 to 1) of them were answered; undefined before the first. */
  percentile(share) {
    const sorted = [...this.#tookMs].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }
}
