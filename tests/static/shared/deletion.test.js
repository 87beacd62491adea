import { afterEach, expect, test, vi } from "vitest";

import { remove, restore } from "../../../webapp/static/shared/deletion.js";
import { fakeServer } from "../fakes.js";

afterEach(() => vi.unstubAllGlobals());

const leave = () => window.dispatchEvent(new Event("pagehide"));

test("when the page is left, what was deleted and not brought back is forgotten for good", async () => {
  const requests = fakeServer({
    "POST /data/delete": ({ body }) => ({ ids: body.ids ?? [1, 2, 3] }),
    "POST /data/restore": { restored: 1 },
  });
  navigator.sendBeacon = vi.fn(() => true);
  leave();
  expect(navigator.sendBeacon).not.toHaveBeenCalled();

  expect(await remove({ everything: true })).toEqual([1, 2, 3]);
  await remove({ ids: [7] });
  await restore([2]);
  expect(requests.map(({ body }) => body)).toEqual([{ everything: true }, { ids: [7] }, { ids: [2] }]);
  leave();
  leave();
  expect(navigator.sendBeacon.mock.calls).toEqual([["/mien/api/data/purge", '{"ids":[1,3,7]}']]);
});
