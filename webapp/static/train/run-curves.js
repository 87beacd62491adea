// A run's curves, drawn.

import { BOX, curvesInWords, heightAt, polylines } from "./curve-geometry.js";

/** @import { Curves } from "../shared/api" */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {Element} svg
 * @param {Partial<Curves>} curves
 * @param {number} epochs how many there will be
 */
export function drawCurves(svg, curves, epochs) {
  const grid = [0, 0.5, 1].flatMap((share) => {
    const y = heightAt(share);
    return [
      shape("line", { class: "grid", x1: BOX.left, x2: BOX.right, y1: y, y2: y }),
      shape("text", { x: BOX.left - 8, y: y + 4, "text-anchor": "end" }, `${100 * share} %`),
    ];
  });
  const axis = epochs ? `epoch ${epochs}` : "epochs";
  const lines = polylines(curves, epochs).map(({ name, points }) => shape("polyline", { class: name, points }));
  svg.replaceChildren(
    ...grid,
    shape("text", { x: BOX.right, y: BOX.bottom + 20, "text-anchor": "end" }, axis),
    ...lines,
  );
  svg.setAttribute("aria-label", curvesInWords(curves));
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function shape(name, attributes, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}
