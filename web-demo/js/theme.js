// SPDX-License-Identifier: Apache-2.0

const ORDER = ["auto", "light", "dark"];
const KEY = "theme";

/** A button that goes round automatic, light and dark; the choice is kept. */
export function createTheme(button) {
  const root = document.documentElement;
  const show = (theme) => {
    root.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  button.addEventListener("click", () => {
    const next = ORDER[(ORDER.indexOf(root.dataset.theme) + 1) % ORDER.length];
    localStorage.setItem(KEY, next);
    show(next);
  });
  show(localStorage.getItem(KEY) ?? "auto");
}
