// The menu that a click on a face opens: what is it really?

export class TeachMenu extends EventTarget {
  face = null;
  #labels = [];

  constructor(stage) {
    super();
    this.stage = stage;
    this.element = document.createElement("div");
    this.element.className = "teach-menu";
    this.element.setAttribute("role", "menu");
    this.element.setAttribute("aria-label", "This face is really");
    this.element.hidden = true;
    stage.element.append(this.element);
    this.element.addEventListener("keydown", (event) => this.#move(event));
    document.addEventListener("pointerdown", (event) => {
      if (this.face && !this.element.contains(event.target)) this.close();
    });
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  setLabels(labels) {
    this.#labels = labels;
  }

  open(face, x, y) {
    this.face = face;
    const heading = document.createElement("p");
    heading.textContent = "This face is really";
    const items = this.#labels.map(({ name, color, key }) => {
      const item = document.createElement("button");
      item.type = "button";
      item.setAttribute("role", "menuitem");
      item.style.setProperty("--label", color);
      item.innerHTML = `<i></i><span></span><kbd></kbd>`;
      item.querySelector("span").textContent = name;
      item.querySelector("kbd").textContent = key;
      item.addEventListener("click", () => {
        this.dispatchEvent(new CustomEvent("choose", { detail: { face, label: name } }));
        this.close();
      });
      return item;
    });
    this.element.replaceChildren(heading, ...items);
    this.element.hidden = false;
    const { clientWidth, clientHeight } = this.stage.element;
    this.element.style.left = `${Math.max(8, Math.min(x, clientWidth - this.element.offsetWidth - 8))}px`;
    this.element.style.top = `${Math.max(8, Math.min(y, clientHeight - this.element.offsetHeight - 8))}px`;
    items[0]?.focus({ preventScroll: true });
  }

  close() {
    this.face = null;
    this.element.hidden = true;
  }

  #move(event) {
    const items = [...this.element.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    items[(at + step + items.length) % items.length].focus();
  }
}
