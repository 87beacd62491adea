import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { bundleAddress, downloadBundle, fileNameIn, proofLines } from "../../../webapp/static/train/bundle-download.js";

const PROOF = { format: "Core ML", runner: "Mien", faces: 64, max_difference: 0.00123, equal_labels: 1, bytes: 4.8e6 };

test("the file has the name that the server gives it", () => {
  expect(fileNameIn('attachment; filename="mien-version-3-2026-11-24.zip"')).toBe("mien-version-3-2026-11-24.zip");
  expect(fileNameIn("attachment; filename=mien-base.zip; size=3")).toBe("mien-base.zip");
  expect(fileNameIn("attachment; filename*=UTF-8''mien%20%E2%80%9Cwink%E2%80%9D.zip")).toBe("mien “wink”.zip");
  expect(fileNameIn(null)).toBe("mien.zip");
});

test("the address carries what was chosen", () => {
  expect(bundleAddress(3, { palettize: true, onnx: false })).toBe(
    "/mien/api/data/train/versions/3/bundle?palettize=true&onnx=false",
  );
});

test("a proof in figures", () => {
  expect(proofLines(PROOF)).toEqual([
    ["Model", "Core ML, 4.8 MB"],
    ["Greatest difference", "0.0012 in probability"],
    ["Equal labels", "100.0 % of 64 pictures"],
    ["Run by", "Mien"],
  ]);
  expect(proofLines({ ...PROOF, max_difference: 3e-7 })[1]).toEqual([
    "Greatest difference",
    "under 0.0001 in probability",
  ]);
});

describe("a download", () => {
  /** @type {{ name: string, href: string }[]} */
  let saved;

  beforeEach(() => {
    vi.useFakeTimers();
    saved = [];
    URL.createObjectURL = vi.fn(() => "blob:bundle");
    URL.revokeObjectURL = vi.fn();
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(
      /** @this {HTMLAnchorElement} */ function click() {
        saved.push({ name: this.download, href: this.href });
      },
    );
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  /** @param {Response | Error} answer */
  const answerWith = (answer) =>
    vi.stubGlobal(
      "fetch",
      vi.fn(async () => {
        if (answer instanceof Error) throw answer;
        return answer;
      }),
    );

  test("is handed to the browser under the server's name, and returns the proofs", async () => {
    const headers = {
      "content-disposition": 'attachment; filename="mien-version-3-2026-11-24.zip"',
      "x-mien-proof": JSON.stringify([PROOF]),
    };
    answerWith(new Response("zip", { headers }));
    expect(await downloadBundle("/bundle")).toEqual([PROOF]);
    expect(fetch).toHaveBeenCalledWith("/bundle", { method: "POST" });
    expect(saved).toEqual([{ name: "mien-version-3-2026-11-24.zip", href: "blob:bundle" }]);
    expect(URL.revokeObjectURL).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(URL.revokeObjectURL).toHaveBeenCalledWith("blob:bundle");
  });

  test("that is refused is a sentence and no file", async () => {
    answerWith(Response.json({ error: "Version 3 is damaged." }, { status: 422 }));
    await expect(downloadBundle("/bundle")).rejects.toThrow("Version 3 is damaged.");
    answerWith(new Response("<html>", { status: 502 }));
    await expect(downloadBundle("/bundle")).rejects.toThrow("The bundle could not be made (502).");
    answerWith(new TypeError("Failed to fetch"));
    await expect(downloadBundle("/bundle")).rejects.toThrow("Mien cannot be reached. Is it still running?");
    expect(saved).toEqual([]);
  });
});
