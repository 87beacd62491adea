// The camera: one stream for the whole page, and plain words for everything that keeps it from running.

const PROBLEMS = {
  insecure: {
    title: "This page cannot use the camera",
    text: "Browsers give the camera only to pages on https or on this computer. Open Mien as http://localhost, or put it behind https.",
  },
  denied: {
    title: "The camera is blocked",
    text: "Allow it for this page: click the camera or lock icon in the address bar, then try again.",
    retry: "Try again",
  },
  missing: {
    title: "No camera found",
    text: "Plug one in or switch it on, then try again. Pictures dropped below work without one.",
    retry: "Try again",
  },
  busy: {
    title: "The camera is in use",
    text: "Another program or page holds it. Close that one, then try again.",
    retry: "Try again",
  },
  unplugged: {
    title: "The camera went away",
    text: "It was unplugged or switched off. Connect it, then try again.",
    retry: "Try again",
  },
};

const ERRORS = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** What this browser was told before; with `value`, tell it. */
export const remember = (key, value) => {
  try {
    if (value === undefined) return localStorage.getItem(key);
    localStorage.setItem(key, value);
  } catch {
    /* private windows may have no storage */
  }
  return null;
};

/** Events: "change". State: "off" | "asking" | "on" | "problem"; `problem` then says {kind, title, text, retry}. */
class Camera extends EventTarget {
  state = "off";
  problem = null;
  stream = null;
  devices = [];
  deviceId = remember("mien-camera") || "";
  mirror = remember("mien-mirror") !== "off";
  #attempt = 0;

  async start(deviceId = this.deviceId) {
    this.#release();
    if (!navigator.mediaDevices?.getUserMedia) return this.#fail("insecure");
    this.#become("asking");
    const attempt = this.#attempt;
    let stream;
    try {
      stream = await this.#open(deviceId);
    } catch (error) {
      if (attempt !== this.#attempt) return;
      return this.#fail(ERRORS[error.name] || "busy", error.message);
    }
    if (attempt !== this.#attempt) return stream.getTracks().forEach((track) => track.stop()); // stopped meanwhile
    this.stream = stream;
    const [track] = this.stream.getVideoTracks();
    track.addEventListener("ended", () => this.stream?.getVideoTracks()[0] === track && this.#fail("unplugged"));
    this.deviceId = track.getSettings().deviceId || deviceId;
    remember("mien-camera", this.deviceId);
    await this.#list();
    if (attempt === this.#attempt) this.#become("on");
  }

  stop() {
    this.#release();
    this.#become("off");
  }

  setMirror(mirror) {
    this.mirror = mirror;
    remember("mien-mirror", mirror ? "on" : "off");
    this.#changed();
  }

  async #open(deviceId) {
    const video = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 60 } };
    if (!deviceId) return navigator.mediaDevices.getUserMedia({ video: { ...video, facingMode: "user" } });
    try {
      return await navigator.mediaDevices.getUserMedia({ video: { ...video, deviceId: { exact: deviceId } } });
    } catch (error) {
      if (error.name !== "OverconstrainedError") throw error;
      return navigator.mediaDevices.getUserMedia({ video }); // the remembered camera is gone: any will do
    }
  }

  async #list() {
    try {
      const all = await navigator.mediaDevices.enumerateDevices();
      this.devices = all.filter((device) => device.kind === "videoinput");
    } catch {
      this.devices = [];
    }
  }

  #release() {
    this.#attempt += 1;
    const stream = this.stream;
    this.stream = null;
    stream?.getTracks().forEach((track) => track.stop());
  }

  #fail(kind, detail = "") {
    this.#release();
    this.problem = { kind, detail, ...PROBLEMS[kind] };
    this.#become("problem");
  }

  #become(state) {
    this.state = state;
    if (state !== "problem") this.problem = null;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

export const camera = new Camera();

navigator.mediaDevices?.addEventListener?.("devicechange", async () => {
  if (camera.state !== "on") return;
  const all = await navigator.mediaDevices.enumerateDevices();
  camera.devices = all.filter((device) => device.kind === "videoinput");
  camera.dispatchEvent(new Event("change"));
});
