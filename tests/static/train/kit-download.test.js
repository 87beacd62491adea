import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { downloadKit, fileNameIn } from "../../../webapp/static/train/kit-download.js";

const PROOF = { format: "Core ML", runner: "Mien", faces: 64, max_difference: 0.00123, equal_labels: 1, bytes: 4.8e6 };

test("the file has the name that the server gives it", () => {
  expect(fileNameIn('attachment; filename="mien-version-3-2026-11-24.zip"')).toBe("mien-version-3-2026-11-24.zip");
  expect(fileNameIn("attachment; filename=mien-base.zip; size=3")).toBe("mien-base.zip");
  expect(fileNameIn("attachment; filename*=UTF-8''mien%20%E2%80%9Cwink%E2%80%9D.zip")).toBe("mien “wink”.zip");
  expect(fileNameIn(null)).toBe("mien.zip");
});

describe("a download", () => {
  /** @type {{ name: string, href: string }[]} */
  let saved;

  beforeEach(() => {
    vi.useFakeTimers();
    saved = [];
    URL.createObjectURL = vi.fn(() => "blob:zip");
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
    expect(await downloadKit("/bundle")).toEqual({ bytes: 3, proofs: [PROOF] });
    expect(fetch).toHaveBeenCalledWith("/bundle", { method: "POST" });
    expect(saved).toEqual([{ name: "mien-version-3-2026-11-24.zip", href: "blob:zip" }]);
    expect(URL.revokeObjectURL).not.toHaveBeenCalled();
    vi.runAllTimers();
    expect(URL.revokeObjectURL).toHaveBeenCalledWith("blob:zip");
  });

  test("that is refused is a sentence and no file", async () => {
    answerWith(Response.json({ error: "Version 3 is damaged." }, { status: 422 }));
    await expect(downloadKit("/bundle")).rejects.toThrow("Version 3 is damaged.");
    answerWith(new Response("<html>", { status: 502 }));
    await expect(downloadKit("/bundle")).rejects.toThrow("The zip could not be made (502).");
    answerWith(new TypeError("Failed to fetch"));
    await expect(downloadKit("/bundle")).rejects.toThrow("Mien cannot be reached. Is it still running?");
    expect(saved).toEqual([]);
  });
});
