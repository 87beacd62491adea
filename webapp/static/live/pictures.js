// Pictures dropped on the page: each is sent as it is, the answer is drawn on it, and a click shows it large.

import { find, make } from "../shared/elements.js";
import { lifetime } from "../shared/lifetime.js";
import { takesPageDrops } from "../shared/page-drop.js";
import { heatLegend, why } from "../shared/why.js";
import { NamedPicture } from "./named-picture.js";
import { showPictures } from "./picture-view.js";

/** @import { LabelColor } from "../shared/api" */

const LONGEST_SIDE = 1280;
const SHOWN = 400; // pixels: about the width of a card
const AT_ONCE = 2;
const WORDS = {
  title: "Drop pictures to have their faces named",
  text: "Nothing is stored. A click on one shows it large, and there you can keep its faces as examples.",
};

/** @typedef {{ picture: NamedPicture, card: HTMLElement }} Shown */

/**
 * @param {HTMLElement} element
 * @param {() => LabelColor[]} labels that a face can be given
 */
export function pictures(element, labels) {
  const input = find(element, "input", "[type=file]");
  const list = find(element, "div", "[data-pictures]");
  const clear = find(element, "button", "[data-clear]");
  const legend = heatLegend();
  list.before(legend.element);
  /** @type {Shown[]} the newest first, as they are shown */
  let all = [];
  /** @type {Shown[]} */
  const queue = [];
  let running = 0;

  const work = async () => {
    const next = running < AT_ONCE && queue.shift();
    if (!next) return;
    running += 1;
    const { picture, card } = next;
    await look(next).catch((error) => tell(card, `${picture.name}: ${error.message}`, true));
    running -= 1;
    showLegend();
    work();
  };
  const showLegend = () => {
    const said = new Set(all.map(({ picture }) => picture.heatWords).filter(Boolean));
    legend.show(said.size > 1 ? "What spoke for each name" : ([...said][0] ?? ""));
  };
  const showWhy = () => {
    for (const shown of all) {
      if (!shown.picture.answer) continue;
      if (shown.picture.lacksHeat) queue.push(shown);
      else draw(shown);
    }
    showLegend();
    for (let at = 0; at < AT_ONCE; at += 1) work();
  };
  why.on("change", showWhy, lifetime(element));
  /** @param {Shown} shown */
  const enlarge = async ({ picture }) => {
    const answered = all.map((shown) => shown.picture).filter(({ answer }) => answer);
    if (!answered.includes(picture)) return;
    const last = await showPictures(answered, picture, labels());
    for (const shown of all) if (shown.picture.answer) draw(shown);
    const shown = all.find((each) => each.picture === last);
    if (shown) find(shown.card, "button").focus();
  };
  /** @param {File[]} files */
  const add = (files) => {
    for (const file of files) {
      const card = make("figure", "mien-card picture");
      card.innerHTML = `<button type="button"><canvas role="img"></canvas></button><figcaption aria-live="polite"></figcaption>`;
      const shown = { picture: new NamedPicture(file), card };
      find(card, "button").addEventListener("click", () => enlarge(shown));
      tell(card, `${file.name}: looking…`);
      list.prepend(card);
      all = [shown, ...all];
      queue.push(shown);
      work();
    }
    clear.hidden = !list.children.length;
  };

  input.addEventListener("change", () => {
    add([...(input.files ?? [])]);
    input.value = "";
  });
  takesPageDrops(element, WORDS, ({ files }) => {
    add([...files]);
    list.firstElementChild?.scrollIntoView({ block: "nearest" });
  });
  clear.addEventListener("click", () => {
    queue.length = 0;
    all = [];
    list.replaceChildren();
    legend.show("");
    clear.hidden = true;
    input.focus();
  });
}

/** @param {Shown} shown */
async function look(shown) {
  await shown.picture.ask();
  await draw(shown);
  tell(shown.card, `${shown.picture.name}: ${shown.picture.words}`);
}

/** @param {Shown} shown */
const draw = ({ picture, card }) => picture.draw(find(card, "canvas"), { longest: LONGEST_SIDE, shown: SHOWN });

/**
 * @param {HTMLElement} card
 * @param {string} text
 * @param {boolean} [bad]
 */
function tell(card, text, bad = false) {
  const canvas = find(card, "canvas");
  card.classList.toggle("bad", bad);
  find(card, "button").hidden = bad;
  canvas.setAttribute("aria-label", text);
  find(card, "figcaption").textContent = text;
}
