// Which view is open stands in the address, so that reload stays, Back goes back, and a link leads to what it shows:
// #live, #collect, #review/gallery?label=wink, #train. An address that nobody knows is Live's.

/** @typedef {{ view: View, params: Record<string, string> }} Address `params` has no empty values */

const VIEWS = /** @type {const} */ ([
  "live",
  "collect",
  "review/queue",
  "review/gallery",
  "review/labels",
  "review/overview",
  "review/trash",
  "train",
]);
/** @typedef {(typeof VIEWS)[number]} View */

/**
 * What is open. A tab's name alone is its first view.
 * @returns {Address}
 */
export function currentAddress() {
  const [name, query = ""] = location.hash.slice(1).split(/\?(.*)/s);
  const view = VIEWS.find((known) => known === name || known.startsWith(`${name}/`));
  return view ? { view, params: filled(new URLSearchParams(query)) } : { view: "live", params: {} };
}

/**
 * Opens a view; Back leads to the one before it.
 * @param {View} view
 * @param {Record<string, string | undefined>} [params]
 */
export function openView(view, params = {}) {
  const hash = hashOf(view, params);
  const now = currentAddress();
  if (hash === hashOf(now.view, now.params)) return;
  history.pushState(null, "", inThisPage(hash));
  tell();
}

/**
 * Says in the address what a view shows now, without a step for Back. Does nothing once another view is open.
 * @param {View} view
 * @param {Record<string, string | undefined>} params
 */
export function replaceParams(view, params) {
  const hash = hashOf(view, params);
  const now = currentAddress();
  if (now.view !== view || hash === hashOf(now.view, now.params)) return;
  history.replaceState(null, "", inThisPage(hash));
  tell();
}

/**
 * Calls `callback` with what is open, now and whenever it changes: by a tab, by Back, by a link.
 * @param {(address: Address) => void} callback
 * @param {AbortSignal} signal
 */
export function onView(callback, signal) {
  const hear = () => callback(currentAddress());
  window.addEventListener("hashchange", hear, { signal });
  window.addEventListener("mien:view", hear, { signal });
  if (!signal.aborted) hear();
}

const tell = () => window.dispatchEvent(new Event("mien:view"));

/** @param {string} hash */
const inThisPage = (hash) => `${location.pathname}${location.search}${hash}`;

/**
 * @param {View} view
 * @param {Record<string, string | undefined>} params
 */
function hashOf(view, params) {
  const query = new URLSearchParams(filled(Object.entries(params))).toString();
  return `#${view}${query && `?${query}`}`;
}

/**
 * @param {Iterable<[string, string | undefined]>} params
 * @returns {Record<string, string>}
 */
function filled(params) {
  return Object.fromEntries([...params].flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
