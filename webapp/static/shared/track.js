// The track of a bar.

import { make } from "./elements.js";

/**
 * Each of `fills` is a bar on it.
 * @param {{ percent: number, className?: string }[]} fills
 */
export function track(...fills) {
  const element = make("span", "track");
  for (const { percent, className } of fills) {
    const bar = make("i", className);
    bar.style.width = `${percent}%`;
    element.append(bar);
  }
  return element;
}
