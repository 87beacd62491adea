// Taking a version home: a card with three doors.

import { address, get } from "../shared/ask.js";
import { card, make } from "../shared/elements.js";
import { attempt } from "../shared/toast.js";
import { TakeHomeDoor } from "./take-home-door.js";

/** @import { DoorName } from "./take-home-door.js" */

const EXPLAINED = "Each is a zip with the model, all that runs it, a README and a model card.";
const LAW = "Not for use at work or in schools: the EU AI Act bars emotion recognition there. ";

export class TakeHome {
  /** @type {TakeHomeDoor[]} */
  #doors;

  /** @param {number} number the version's */
  constructor(number) {
    this.number = number;
    /** @type {DoorName[]} */
    const names = ["iphone", "web", "onnx"];
    this.#doors = names.map((name) => new TakeHomeDoor(number, name));
    const doors = make("div", "train-doors");
    doors.append(...this.#doors.map(({ element }) => element));
    const law = make("p", "why", LAW);
    const href = address("/data/train/versions/{number}/model-card", { path: { number } });
    law.append(make("a", "link", "Model card: data, figures, limits", { href, target: "_blank" }));
    this.element = card("Take it home", "train-take-home", make("p", "why", EXPLAINED), doors, law);
  }

  /** Asks what is behind the doors, now and whenever that may have changed; what a door is doing goes on. */
  async refresh() {
    const { number } = this;
    const seen = await attempt(() => get("/data/train/versions/{number}/take-home", { path: { number } }));
    for (const door of this.#doors) {
      const found = seen?.find(({ name }) => name === door.name);
      if (found) door.show(found);
    }
  }
}
