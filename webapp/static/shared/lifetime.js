// Gradio can take a part off the page and mount it again. What a part started outside its own element (listeners of the
// window, timers, observers, sockets) ends with it:
//
//   document.addEventListener("keydown", onKey, { signal: lifetime(element) });

/** @type {Map<Element, AbortController>} */
const living = new Map();

const watch = new MutationObserver(() => {
  for (const [element, controller] of living) {
    if (element.isConnected) continue;
    living.delete(element);
    controller.abort();
  }
  if (!living.size) watch.disconnect();
});

/**
 * A signal that is aborted when `element` has left the page.
 * @param {Element} element one that is on the page
 */
export function lifetime(element) {
  const known = living.get(element);
  if (known) return known.signal;
  if (!element.isConnected) return AbortSignal.abort();
  const controller = new AbortController();
  living.set(element, controller);
  watch.observe(document, { childList: true, subtree: true });
  return controller.signal;
}

/**
 * Runs `action` when `signal` is aborted; at once if it is already.
 * @param {AbortSignal} signal
 * @param {() => void} action
 */
export function atEnd(signal, action) {
  if (signal.aborted) action();
  else signal.addEventListener("abort", action, { once: true });
}

/**
 * Runs `action` again and again, until `signal` is aborted.
 * @param {number} wait milliseconds
 * @param {() => void} action
 * @param {AbortSignal} signal
 */
export function every(wait, action, signal) {
  const timer = setInterval(action, wait);
  atEnd(signal, () => clearInterval(timer));
}
