// SPDX-License-Identifier: Apache-2.0

/** One element: `el("button.main", { onclick, "aria-label": "…" }, "text", child)`. */
export function el(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(key.slice(2), value);
    else if (key.includes("-") || key === "role" || key === "scope") node.setAttribute(key, value);
    else node[key] = value;
  }
  node.append(...children.filter((child) => child !== undefined && child !== false));
  return node;
}

/** Sets a text and a class only when they changed, so that nothing flickers and a screen reader is not told twice. */
export function say(node, text, className = node.className) {
  if (node.textContent !== String(text)) node.textContent = text;
  if (node.className !== className) node.className = className;
}

/**
 * A table that keeps its rows, and so the focus, when it is shown again.
 *
 * A column has a `label` and `text`, which gives the text of an entry's cell, or `[text, class]`; or `node`, which makes the
 * cell's content once and is told entries with `update`.
 */
export class Table {
  constructor(parent, caption, columns, keyOf, empty) {
    this.columns = columns;
    this.keyOf = keyOf;
    this.rows = new Map();
    const heads = columns.map(({ label, number }) => el(number ? "th.number" : "th", { scope: "col" }, label));
    this.body = el("tbody");
    this.table = el("table", {}, el("caption", {}, caption), el("thead", {}, el("tr", {}, ...heads)), this.body);
    this.empty = el("p.empty", {}, empty);
    parent.replaceChildren(this.table, this.empty);
  }

  show(entries) {
    this.table.hidden = entries.length === 0;
    this.empty.hidden = entries.length > 0;
    const keys = entries.map(this.keyOf);
    for (const [key, row] of this.rows) {
      if (!keys.includes(key)) {
        row.node.remove();
        this.rows.delete(key);
      }
    }
    entries.forEach((entry, i) => {
      const row = this.rows.get(keys[i]) ?? this.#row(keys[i], entry);
      row.update(entry);
      if (this.body.children[i] !== row.node) this.body.insertBefore(row.node, this.body.children[i] ?? null);
    });
  }

  #row(key, first) {
    const updates = [];
    const cells = this.columns.map(({ label, number, text, node }) => {
      const cell = el("td", { "data-label": label });
      if (node) {
        const made = node(first);
        cell.append(made.node);
        updates.push((entry) => made.update?.(entry));
      } else {
        const inner = el("span");
        cell.append(inner);
        updates.push((entry) => {
          const [words, className = ""] = [text(entry)].flat();
          say(inner, words, className);
        });
      }
      if (number) cell.className = "number";
      return cell;
    });
    const row = { node: el("tr", {}, ...cells), update: (entry) => updates.forEach((update) => update(entry)) };
    this.rows.set(key, row);
    return row;
  }
}

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });

export const time = (utcMs) => TIME.format(utcMs);

/** How long, in the two largest units that matter. */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
  return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
}
