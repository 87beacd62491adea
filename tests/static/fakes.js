// What a browser has and jsdom has not, and a server that answers as told.

import { vi } from "vitest";

/** @typedef {{ method: string, path: string, query: URLSearchParams, body: any, headers: object }} ServerRequest */

/**
 * Answers of the server, in place of `fetch`: `{"GET /status": {…}}`, by method and path behind /mien/api without the
 * query. A value that is a function is called with the request; one that is a Response is given as it is.
 * @param {Record<string, ((request: ServerRequest) => unknown) | object>} answers
 * @returns {ServerRequest[]} the requests as they came in
 */
export function fakeServer(answers) {
  /** @type {ServerRequest[]} */
  const requests = [];
  /**
   * @param {string} address
   * @param {RequestInit} options
   */
  const answerTo = async (address, { method = "GET", body, headers = {} } = {}) => {
    const url = new URL(address, location.href);
    const path = url.pathname.replace("/mien/api", "");
    const read = typeof body === "string" ? JSON.parse(body) : body;
    const request = { method, path, query: url.searchParams, body: read, headers };
    requests.push(request);
    const known = answers[`${method} ${path}`];
    const answer = typeof known === "function" ? await known(request) : known;
    if (answer === undefined) return Response.json({ error: `Nothing is at ${method} ${path}.` }, { status: 404 });
    return answer instanceof Response ? answer : Response.json(answer);
  };
  vi.stubGlobal("fetch", answerTo);
  return requests;
}

/** A WebSocket that a test opens, answers and closes; `FakeWebSocket.all` has every one that was made. */
export class FakeWebSocket {
  /** @type {FakeWebSocket[]} */
  static all = [];
  static get last() {
    return FakeWebSocket.all.at(-1);
  }

  bufferedAmount = 0;
  /** @type {any[]} */
  sent = [];
  onopen = () => {};
  /** @type {(message: { data: string }) => void} */
  onmessage = () => {};
  onclose = () => {};
  closed = false;

  /** @param {string | URL} url */
  constructor(url) {
    this.url = String(url);
    FakeWebSocket.all.push(this);
  }

  /** @param {unknown} data */
  send(data) {
    this.sent.push(data);
  }

  close() {
    this.closed = true;
  }

  opens() {
    this.onopen();
  }

  /** @param {object} message */
  answers(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }

  breaks() {
    this.onclose();
  }
}

/** An observer of jsdom's missing kinds; `FakeObserver.all` has those that are not disconnected. */
export class FakeObserver {
  /** @type {Set<FakeObserver>} */
  static all = new Set();

  /** @type {Element | null} */
  element = null;

  /** @param {(entries: { isIntersecting: boolean }[]) => void} callback */
  constructor(callback) {
    this.callback = callback;
    FakeObserver.all.add(this);
  }

  /** @param {Element} element */
  observe(element) {
    this.element = element;
  }

  disconnect() {
    FakeObserver.all.delete(this);
  }

  /**
   * What a ResizeObserver says when its element has another size.
   * @param {Element} element
   */
  static resize(element) {
    for (const { callback, element: seen } of [...FakeObserver.all]) if (seen === element) callback([]);
  }

  /**
   * What an IntersectionObserver says when its element comes into view.
   * @param {Element} element
   */
  static intersect(element) {
    for (const { callback, element: seen } of FakeObserver.all)
      if (seen === element) callback([{ isIntersecting: true }]);
  }
}

/** Everything that a stage needs of a browser; there is no camera. Undone by vi.unstubAllGlobals and restoreAllMocks. */
export function fakeBrowser() {
  FakeWebSocket.all = [];
  FakeObserver.all.clear();
  vi.stubGlobal("WebSocket", FakeWebSocket);
  vi.stubGlobal("ResizeObserver", FakeObserver);
  vi.stubGlobal("IntersectionObserver", FakeObserver);
  vi.stubGlobal("matchMedia", () => Object.assign(new EventTarget(), { matches: false }));
  const image = { width: 40, data: new Uint8ClampedArray(4 * 48 * 48) };
  const pen = new Proxy({}, { get: () => () => image, set: () => true });
  HTMLCanvasElement.prototype.getContext = vi.fn().mockReturnValue(pen);
  vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue();
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(400);
  vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(300);
  layOut();
}

/**
 * Watches who listens to the whole page from now on; the answer gives the events that are still listened to.
 * @returns {() => string[]}
 */
export function watchListeners() {
  const watched = [vi.spyOn(document, "addEventListener"), vi.spyOn(window, "addEventListener")];
  return () => {
    /** @type {any[][]} */
    const calls = watched.flatMap(({ mock }) => mock.calls);
    return calls.filter(([, , options]) => !options?.signal?.aborted).map(([type]) => type);
  };
}

/** jsdom lays nothing out: everything that is on the page and not `hidden` counts as visible. */
export function layOut() {
  vi.spyOn(HTMLElement.prototype, "offsetParent", "get").mockImplementation(
    /** @this {HTMLElement} */ function offsetParent() {
      return this.isConnected && !this.closest("[hidden]") ? document.body : null;
    },
  );
}

/** A page as Gradio draws it, with `markup` in it; returns its container. */
export function page(markup = "") {
  document.body.innerHTML = `<div class="gradio-container">${markup}</div>`;
  return document.body.firstElementChild;
}

/** Until every promise that is settled by now, and what follows from it, has had its turn. */
export const settled = () => new Promise((resolve) => setTimeout(resolve));
