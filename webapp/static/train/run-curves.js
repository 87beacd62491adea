// A run's curves: accuracies on a scale of 0 to 100 %, the loss on its own, all over the epochs.

const SVG = "http://www.w3.org/2000/svg";
const BOX = { left: 56, right: 472, top: 12, bottom: 176 };

const node = (name, attributes, text = "") => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
};

export function drawCurves(svg, { accuracy = [], base = [], loss = [] }, epochs) {
  const last = Math.max(epochs, loss.length, 2);
  const x = (index) => BOX.left + ((BOX.right - BOX.left) * index) / (last - 1);
  const y = (share) => BOX.bottom - (BOX.bottom - BOX.top) * share;
  const parts = [];
  for (const share of [0, 0.5, 1]) {
    parts.push(node("line", { class: "grid", x1: BOX.left, x2: BOX.right, y1: y(share), y2: y(share) }));
    parts.push(node("text", { x: BOX.left - 8, y: y(share) + 4, "text-anchor": "end" }, `${100 * share} %`));
  }
  parts.push(node("text", { x: BOX.right, y: 196, "text-anchor": "end" }, epochs ? `epoch ${epochs}` : "epochs"));
  const most = Math.max(...loss, 1e-9);
  const lines = [
    ["loss", loss.map((value) => value / most)],
    ["base", base],
    ["held", accuracy],
  ];
  for (const [name, values] of lines) {
    const points = values
      .map((value, index) => (value === null ? "" : `${x(index).toFixed(1)},${y(value).toFixed(1)}`))
      .filter(Boolean);
    if (points.length === 1) points.push(points[0]);
    if (points.length) parts.push(node("polyline", { class: name, points: points.join(" ") }));
  }
  svg.replaceChildren(...parts);
  const percent = (values) =>
    values.length && values.at(-1) !== null ? `${Math.round(100 * values.at(-1))} %` : "not measured";
  svg.setAttribute(
    "aria-label",
    loss.length
      ? `After ${loss.length} epochs: held-out faces ${percent(accuracy)}, base check ${percent(base)}`
      : "No curves yet",
  );
}
