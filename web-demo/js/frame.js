// SPDX-License-Identifier: Apache-2.0

/** A page of its own inside this one, with its own modules and connections; it ends as a closed tab does. */
export function openFrame(script) {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.title = "a user's page";
  frame.srcdoc = `<!doctype html><script type="module" src="${script}"></script>`;
  return new Promise((resolve) => {
    frame.onload = () => resolve(frame);
    document.body.append(frame);
  });
}
