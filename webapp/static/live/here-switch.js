// The switch that has this browser name the faces, so that the camera's frames stay on this machine.

import { get } from "../shared/ask.js";
import { find, make } from "../shared/elements.js";
import { onChange } from "../shared/freshness.js";
import { every, lifetime } from "../shared/lifetime.js";
import { runHere } from "../shared/run-here.js";
import { say } from "../shared/toast.js";
import { reasonOf } from "./browser-model.js";
import { BrowserNamer } from "./browser-namer.js";

/** @import { Stage } from "../shared/stage.js" */
/** @typedef {"unknown" | "missing" | "off" | "loading" | "on" | "failed"} HereState */

const RENEW_EVERY = 5000; // ms: whether another version is in use by now

/** @type {Record<HereState, string>} */
const WORDS = {
  unknown: "",
  missing: "Not set up yet. Where Mien runs, type once:",
  off: "The camera's frames then stay on this machine.",
  loading: "Loading the model into this browser…",
  on: "The camera's frames stay on this machine. What you save, drop or collect still goes to Mien's server.",
  failed: "",
};

/**
 * @param {HTMLElement} element
 * @param {Stage} stage one that no frame has left yet
 */
export function hereSwitch(element, stage) {
  const signal = lifetime(element);
  const input = find(element, "input");
  const line = find(element, "p");
  const namer = new BrowserNamer(stage.video);
  const source = { link: namer, frames: namer.frames };

  /** @param {HereState} state @param {(string | Node)[]} words */
  const show = (state, ...words) => {
    input.disabled = state === "unknown" || state === "missing";
    input.checked = runHere.wanted;
    element.dataset.state = state;
    line.replaceChildren(...(words.length ? words : [WORDS[state]]));
  };
  const follow = () => {
    stage.nameAt(runHere.wanted ? source : null);
    if (runHere.wanted) show(namer.state === "open" ? "on" : "loading");
    else show("off");
  };
  const look = async () => {
    if (runHere.wanted) return;
    const model = await get("/web").catch(() => null); // the header says that Mien cannot be reached
    if (!model || runHere.wanted) return;
    if (!model.module) show("missing", WORDS.missing, " ", make("code", "", model.install));
    else if (input.disabled) show("off");
  };
  input.addEventListener("change", () => {
    runHere.want(input.checked);
    follow();
  });
  namer.on("state", (state) => state !== "closed" && follow());
  namer.on("failed", (error) => {
    const reason = reasonOf(error);
    console.warn("Mien:", error);
    runHere.want(false);
    follow();
    show("failed", reason);
    say(reason, { bad: true });
    look();
  });
  onChange(element, () => namer.renew());
  every(RENEW_EVERY, () => namer.renew(), signal);
  window.addEventListener("focus", look, { signal }); // it may have been installed meanwhile

  show("unknown");
  if (runHere.wanted) follow();
  else look();
}
