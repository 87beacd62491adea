// What a browser has and jsdom has not, and a server that answers as told.

import { vi } from "vitest";

/**
 * Answers of the server, in place of `fetch`: `{"GET /status": {…}}`, by method and path behind /mien/api without the
 * query. A value that is a function is called with the request; one that is a Response is given as it is.
 * @param {Record<string, unknown>} answers
 * @returns {{ method: string, path: string, query: URLSearchParams, body: unknown, headers: Record<string, string> }[]}
 *   the requests as they came in
 */
export function fakeServer(answers) {
  const requests = [];
  vi.stubGlobal("fetch", async (address, { method = "GET", body, headers = {} } = {}) => {
    const url = new URL(address, location.href);
    const path = url.pathname.replace("/mien/api", "");
    const read = typeof body === "string" ? JSON.parse(body) : body;
    const request = { method, path, query: url.searchParams, body: read, headers };
    requests.push(request);
    const known = answers[`${method} ${path}`];
    const answer = typeof known === "function" ? await known(request) : known;
    if (answer === undefined) return Response.json({ error: `Nothing is at ${method} ${path}.` }, { status: 404 });
    return answer instanceof Response ? answer : Response.json(answer);
  });
  return requests;
}

/** A WebSocket that a test opens, answers and closes; `FakeWebSocket.all` has every one that was made. */
export class FakeWebSocket {
  static all = [];
  static get last() {
    return FakeWebSocket.all.at(-1);
  }

  bufferedAmount = 0;
  sent = [];
  closed = false;

  constructor(url) {
    this.url = String(url);
    FakeWebSocket.all.push(this);
  }

  send(data) {
    this.sent.push(data);
  }

  close() {
    this.closed = true;
  }

  opens() {
    this.onopen();
  }

  answers(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }

  breaks() {
    this.onclose();
  }
}

/** An observer of jsdom's missing kinds; `FakeObserver.all` has those that are not disconnected. */
export class FakeObserver {
  static all = new Set();

  constructor(callback) {
    this.callback = callback;
    FakeObserver.all.add(this);
  }

  observe(element) {
    this.element = element;
  }

  disconnect() {
    FakeObserver.all.delete(this);
  }

  /** What an IntersectionObserver says when its element comes into view. */
  static intersect(element) {
    for (const { callback, element: seen } of FakeObserver.all)
      if (seen === element) callback([{ isIntersecting: true }]);
  }
}

/** jsdom lays nothing out: everything that is on the page and not `hidden` counts as visible. */
export function layOut() {
  vi.spyOn(HTMLElement.prototype, "offsetParent", "get").mockImplementation(function offsetParent() {
    return this.isConnected && !this.closest("[hidden]") ? document.body : null;
  });
}

/** A page as Gradio draws it, with `markup` in it; returns its container. */
export function page(markup = "") {
  document.body.innerHTML = `<div class="gradio-container">${markup}</div>`;
  return document.body.firstElementChild;
}

/** Until every promise that is settled by now, and what follows from it, has had its turn. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
