// The /live socket: at most two frames in flight, and it comes back by itself.

const IN_FLIGHT = 2;
const GIVE_UP_ON_FRAME = 4000; // ms
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5000;

/** Events: "state" (detail: "connecting" | "open" | "lost"), "answer" (detail: {answer, latency}), "message" (detail). */
export class LiveSocket extends EventTarget {
  state = "closed";
  #socket = null;
  #sent = 0;
  #flying = new Map();
  #wait = FIRST_WAIT;
  #timer = 0;

  /** How many frames more may be on their way now. */
  get free() {
    if (this.state !== "open" || this.#socket.bufferedAmount > 2 ** 20) return 0;
    const now = performance.now();
    for (const [seq, at] of this.#flying) if (now - at > GIVE_UP_ON_FRAME) this.#flying.delete(seq);
    return IN_FLIGHT - this.#flying.size;
  }

  open() {
    if (this.#socket || this.#timer) return;
    this.#connect();
  }

  close() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#become("closed");
  }

  /** Send a frame taken at `taken` (performance.now() time); its answer comes as an "answer" event. */
  send(jpeg, taken) {
    this.#sent += 1;
    this.#flying.set(this.#sent, taken);
    this.#socket.send(jpeg);
  }

  /** Send a command; false when the socket is not open. Answers come as "message" events, in order. */
  command(command) {
    if (this.state !== "open") return false;
    this.#socket.send(JSON.stringify(command));
    return true;
  }

  #connect() {
    this.#timer = 0;
    if (this.state !== "lost") this.#become("connecting");
    const url = new URL("/live", location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#sent = 0;
      this.#flying.clear();
      this.#wait = FIRST_WAIT;
      this.#become("open");
    };
    socket.onmessage = ({ data }) => {
      const answer = JSON.parse(data);
      if (answer.seq === undefined) return this.#tell("message", answer);
      const taken = this.#flying.get(answer.seq);
      this.#flying.delete(answer.seq);
      this.#tell("answer", { answer, latency: taken === undefined ? NaN : performance.now() - taken });
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      this.#flying.clear();
      this.#become("lost");
      this.#timer = setTimeout(() => this.#connect(), this.#wait * (0.75 + Math.random() / 2));
      this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
    };
  }

  #become(state) {
    if (this.state === state) return;
    this.state = state;
    this.#tell("state", state);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
