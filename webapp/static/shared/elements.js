// Making elements and finding them.

/**
 * An element with text and attributes; text is never read as markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string | number} [text]
 * @param {Record<string, string | number>} [attributes]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, className = "", text = "", attributes = {}) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== "") element.textContent = String(text);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/**
 * @param {string} text
 * @param {string} className
 * @param {(event: MouseEvent) => void} action
 */
export function button(text, className, action) {
  const element = make("button", `mien-button ${className}`, text, { type: "button" });
  element.addEventListener("click", action);
  return element;
}

/**
 * A card with a heading.
 * @param {string} title
 * @param {string} className
 * @param {(Node | string)[]} content
 */
export function card(title, className, ...content) {
  const element = make("section", `mien-card ${className}`);
  element.append(make("h2", "", title), ...content);
  return element;
}

/**
 * A form's field with its name beside it.
 * @param {string} text
 * @param {HTMLElement} control
 */
export function field(text, control) {
  const element = make("label", "mien-field");
  element.append(make("span", "", text), control);
  return element;
}

/**
 * The element in `root` that is of this tag and matches `selector`.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {ParentNode} root
 * @param {Tag} tag
 * @param {string} [selector]
 * @returns {HTMLElementTagNameMap[Tag]}
 * @throws {Error} there is none
 */
export function find(root, tag, selector = "") {
  const element = root.querySelector(tag + selector);
  if (!element) throw new Error(`There is no ${tag}${selector} here.`);
  return /** @type {HTMLElementTagNameMap[Tag]} */ (element);
}
