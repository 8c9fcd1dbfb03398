// SPDX-License-Identifier: Apache-2.0
const SVG = "http://www.w3.org/2000/svg";

/**
 * One element: `el("button.primary", { onclick, "aria-label": "…" }, "text", child)`.
 * A function becomes a listener, a name with a dash or of an SVG element an attribute, anything else a property.
 */
export const el = (tag, props, ...children) => build(document.createElement(tag.split(".")[0]), tag, props, children);

/** The same for SVG. */
export const svg = (tag, props, ...children) => build(document.createElementNS(SVG, tag.split(".")[0]), tag, props, children);

function build(node, tag, props = {}, children) {
  const classes = tag.split(".").slice(1);
  if (classes.length) node.setAttribute("class", classes.join(" "));
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name.includes("-") || name === "role" || node.namespaceURI === SVG) node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== undefined && child !== false));
  return node;
}

/** Sets a text only when it changed, so that a screen reader is not told twice. */
export function setText(node, text) {
  if (node.textContent !== String(text)) node.textContent = text;
}

/** Makes the children of `parent` those of `keys`, in order: what stays is the same element, so that focus stays too. */
export function keyed(parent, keys, create) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const wanted = keys.map((key) => {
    const node = old.get(key) ?? create(key);
    node.dataset.key = key;
    old.delete(key);
    return node;
  });
  for (const node of old.values()) node.remove();
  wanted.forEach((node, i) => parent.children[i] === node || parent.insertBefore(node, parent.children[i] ?? null));
  return wanted;
}
