// What the first paint must know: which tab the address asks for, with which tabs.js goes on, and the shape of the camera's
// picture, as it was the last time or as such a screen's cameras mostly have it. It stands in the page itself.
{
  const root = document.documentElement;
  const [, asked] = /^#(live|collect|review|train)(?![\w-])/.exec(location.hash) ?? [];
  root.dataset.tab = asked ?? "live";
  let shape = 0;
  try {
    shape = Number(localStorage.getItem("mien-ratio"));
  } catch {
    // private windows may have no storage
  }
  const usual = matchMedia("(orientation: portrait)").matches ? 3 / 4 : 16 / 9;
  root.style.setProperty("--ratio", String(shape || usual));
}
