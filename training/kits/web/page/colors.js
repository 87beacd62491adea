// Colours of labels, and ink that can be read on them.

export const SPARE = "#767676";

/**
 * "#000" or "#fff", whichever has the greater contrast on `color` ("#rrggbb"), by WCAG's relative luminance.
 * @param {string} color
 */
export function inkOn(color) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
