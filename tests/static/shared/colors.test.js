// @vitest-environment node

import { expect, test } from "vitest";

import { inkOn } from "../../../webapp/static/shared/colors.js";

/** WCAG 2.1's contrast of two colours, "#rrggbb" each. */
function contrast(one, other) {
  const luminance = (color) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(color.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test("ink on a label's colour has the greater contrast of black and white, and enough of it", () => {
  const steps = ["00", "33", "66", "99", "cc", "ff"];
  for (const r of steps) {
    for (const g of steps) {
      for (const b of steps) {
        const color = `#${r}${g}${b}`;
        const ink = inkOn(color) === "#000" ? "#000000" : "#ffffff";
        expect(contrast(color, ink), color).toBeGreaterThan(4.5);
      }
    }
  }
});
