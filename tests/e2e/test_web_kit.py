"""The web kit in a real browser: it answers like `mien predict`, live and offline, and says what is wrong."""

from __future__ import annotations

import base64
import functools
import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from PIL import Image

from models.box import Box
from models.onnx_model import LAST_MAP
from tests.e2e.conftest import PATIENCE
from tests.e2e.test_access import breaches
from tests.serving import astronaut, browser_flags, chromium, free_port
from training.export.drawn_face import drawn_face
from training.export.web_settings import CLASSIFIER

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
from playwright.sync_api import expect

pytestmark = pytest.mark.timeout(1800)

Page = Any
NAMES = """async (pictures) => {
  const { ExpressionClassifier } = await import("/mien.js");
  const classifier = await ExpressionClassifier.load("/models");
  const named = {};
  for (const [name, data] of Object.entries(pictures)) {
    named[name] = await classifier.faces(new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))]));
  }
  return named;
}"""
FAILS = """async ({ folder, picture }) => {
  const { ExpressionClassifier, MienError } = await import("/mien.js");
  try {
    const classifier = await ExpressionClassifier.load(folder);
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    return { code: "", message: `${(await classifier.faces(new Blob([bytes]))).length} faces` };
  } catch (error) {
    return { code: error instanceof MienError ? error.code : "no MienError", message: error.message };
  }
}"""

CHIP = """async (pattern) => {
  const { drawFaces } = await import("/page/draw.js");
  const pen = Object.assign(document.createElement("canvas"), { width: 400, height: 400 }).getContext("2d");
  const face = { id: 1, box: { x: 100, y: 100, width: 200, height: 200 }, label: "wink", doubt: "" };
  const size = { width: 400, height: 400 };
  const looks = { wink: { color: "#009e73", pattern } };
  drawFaces(pen, [{ ...face, probabilities: { wink: 1 } }], { looks, picture: size, bounds: size });
  let left = 0;
  while (!pen.getImageData(left, 85, 1, 1).data[3]) left += 1;
  const { data } = pen.getImageData(left + 1, 78, 7, 14);
  return new Set(Array.from({ length: data.length / 4 }, (_, n) => data.slice(4 * n, 4 * n + 3).join())).size;
}"""
"""How many colours the left end of a chip has."""

RELEASED = """async (picture) => {
  const { ExpressionClassifier } = await import("/mien.js");
  const image = new Blob([Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0))]);
  const count = async (classifier) => (await classifier.faces(image)).length;
  const classifier = await ExpressionClassifier.load("/models");
  const before = count(classifier);
  await classifier.release();
  const after = await count(classifier).catch(() => "failed");
  return { before: await before, after, next: await count(await ExpressionClassifier.load("/models")) };
}"""

LEFT_OPEN = """async () => {
  const { InferenceSession } = await import("/runtime/ort.wasm.min.mjs");
  const create = InferenceSession.create.bind(InferenceSession);
  const open = new Set();
  let created = 0;
  InferenceSession.create = async (...request) => {
    const session = await create(...request);
    const release = session.release.bind(session);
    session.release = () => open.delete(session) && release();
    open.add(session);
    created += 1;
    return session;
  };
  const { ExpressionClassifier } = await import("/mien.js");
  const code = await ExpressionClassifier.load("/models").catch((error) => error.code);
  return { code, created, open: open.size };
}"""

ON_GRAPHICS = """async (picture) => {
  if (!(await navigator.gpu?.requestAdapter())) return null;
  const { ExpressionClassifier } = await import("/mien.js");
  const { openRuntime, openSession } = await import("/core/session.js");
  const classifier = await ExpressionClassifier.load("/models");
  const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
  const faces = await classifier.faces(new Blob([bytes]));
  const [whole, half, unlike] = await Promise.all(["mien.onnx", "mien-fp16.onnx", "unlike.onnx"].map(async (name) =>
    new Uint8Array(await (await fetch(`/models/${name}`)).arrayBuffer())));
  const sample = { face: { data: Float32Array.from({ length: 48 * 48 }, (_, n) => n % 256), dims: [1, 1, 48, 48] } };
  const runtime = await openRuntime();
  const chosen = [];
  for (const other of [whole, unlike, half]) {
    const network = { file: "mien.onnx", whole, half: other, outputs: ["probabilities"] };
    const [{ backend, precision }] = await openSession(runtime, network, sample);
    chosen.push([backend, precision]);
  }
  return { faces, backend: classifier.backend, half: runtime.half, chosen };
}"""


@pytest.fixture(scope="module")
def site(web_kit: Path) -> Iterator[str]:
    """The address at which `npm start` serves the kit."""
    port = free_port()
    server = subprocess.Popen(["node", "scripts/serve.js", str(port)], cwd=web_kit, stdout=subprocess.PIPE)
    assert server.stdout and b"Mien is at" in server.stdout.readline()
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def equipped_browser(browser: Any) -> Iterator[Any]:
    """Chromium with three cameras that see a test picture, and with WebGPU, computed by the processor."""
    flags = [flag for flag in browser_flags(None) if flag != "--disable-gpu"]
    graphics = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"]
    flags += [*graphics, "--use-fake-device-for-media-stream=device-count=3"]
    own = browser.browser_type.launch(executable_path=chromium(), args=flags)
    yield own
    own.close()


@pytest.fixture
def open_kit(browser: Any, site: str) -> Iterator[Callable[..., Page]]:
    """`open_kit(path="", within=browser, script="", routes={}, **context)`: a page of the kit. `page.problems` lists
    what the console called errors and what nothing caught, `page.foreign` requests to other hosts.
    """
    contexts = []

    def open_kit(
        path: str = "", *, within: Any = browser, script: str = "", routes: Any = None, **options: Any
    ) -> Page:
        context = within.new_context(permissions=["camera"], **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        for pattern, answer in (routes or {}).items():
            context.route(pattern, answer)
        page = context.new_page()
        page.problems, page.foreign = [], []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda line: line.type == "error" and page.problems.append(line.text))
        own = (site, "blob:", "data:")
        page.on("request", lambda request: request.url.startswith(own) or page.foreign.append(request.url))
        if script:
            page.add_init_script(script)
        page.goto(f"{site}/{path}")
        return page

    yield open_kit
    for context in contexts:
        context.close()


def pictures() -> dict[str, bytes]:
    """A portrait as it is, large, lying as phones store it, dark, beside its smaller mirror image and beside a drawn
    face; and a picture without a face.
    """
    face = astronaut()
    large = cv2.resize(face, (1500, 1500), interpolation=cv2.INTER_CUBIC)
    several = np.full((520, 1100, 3), 200, np.uint8)
    several[:512, :512], several[150:450, 700:1000] = face, cv2.resize(face[:, ::-1], (300, 300))
    drawn = several.copy()
    drawn[150:450, 700:1000] = drawn_face(300)
    noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    lying = Image.Exif()
    lying[0x0112] = 6  # to be turned by 90° to the right
    return {
        "plain.png": saved(face, "PNG"),
        "plain.jpg": saved(face, "JPEG", quality=90),
        "large.jpg": saved(large, "JPEG", quality=90),
        "lying.jpg": saved(np.rot90(face).copy(), "JPEG", quality=95, exif=lying),
        "dark.png": saved(face // 5, "PNG"),
        "several.png": saved(several, "PNG"),
        "drawn.png": saved(drawn, "PNG"),
        "none.png": saved(noise, "PNG"),
    }


def saved(rgb: np.ndarray, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, kind, **options)
    return file.getvalue()


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_it_answers_as_mien_predict_does(open_kit: Callable[..., Page], tmp_path: Path) -> None:
    files = pictures()
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    command = [sys.executable, "-m", "webapp.cli", "predict", "--json", "--home", str(tmp_path / "home")]
    done = subprocess.run([*command, *files], cwd=tmp_path, capture_output=True, text=True, check=True)
    expected = [json.loads(line) for line in done.stdout.splitlines()]
    answers = open_kit("models/mien.json").evaluate(NAMES, {name: text(data) for name, data in files.items()})
    faces = 0
    for picture in expected:
        named = answers[picture["path"]]
        assert len(named) == len(picture["faces"]), picture["path"]
        for face, other in zip(named, picture["faces"], strict=True):
            assert Box(**face["box"]).overlap(Box(*other["box"])) >= 0.95, picture["path"]
            assert face["label"] == other["label"] and face["doubt"] == other["doubt"], picture["path"]
            for label, probability in other["probabilities"].items():
                assert face["probabilities"][label] == pytest.approx(probability, abs=0.01), picture["path"]
            faces += 1
    assert faces >= 9 and answers["none.png"] == []


def test_a_model_that_is_released_finishes_and_makes_room(open_kit: Callable[..., Page]) -> None:
    rgb = np.full((160, 160, 3), 190, np.uint8)
    rgb[10:150, 10:150] = drawn_face(140)
    answer = open_kit("models/mien.json").evaluate(RELEASED, text(saved(rgb, "PNG")))
    assert answer == {"before": 1, "after": "failed", "next": 1}


def test_where_the_classifier_is_damaged_the_finder_makes_room(open_kit: Callable[..., Page]) -> None:
    routes = {"**/models/mien.onnx": lambda route: route.fulfill(body=b"damaged")}
    answer = open_kit("models/mien.json", routes=routes).evaluate(LEFT_OPEN)
    assert answer == {"code": "model-damaged", "created": 1, "open": 0}


def test_labels_of_one_colour_differ_in_their_pattern(open_kit: Callable[..., Page]) -> None:
    page = open_kit("models/mien.json")
    assert page.evaluate(CHIP, "") == 1
    assert all(page.evaluate(CHIP, pattern) > 1 for pattern in ("stripes", "dots", "grid"))


def with_another_map(kit: Path) -> bytes:
    """The kit's classifier with the same probabilities, and a last map a tenth higher, as no rounding would make it."""
    model = onnx.load(kit / "models" / CLASSIFIER)
    for node in model.graph.node:
        for names in (node.input, node.output):
            names[:] = [f"own {name}" if name == LAST_MAP else name for name in names]
    model.graph.initializer.append(numpy_helper.from_array(np.float32(1.1), "higher"))
    model.graph.node.append(helper.make_node("Mul", [f"own {LAST_MAP}", "higher"], [LAST_MAP]))
    data: bytes = model.SerializeToString()
    return data


def test_webgpu_answers_as_webassembly_does(
    open_kit: Callable[..., Page], equipped_browser: Any, web_kit: Path
) -> None:
    rgb = np.full((160, 160, 3), 190, np.uint8)
    rgb[10:150, 10:150] = drawn_face(140)
    picture = text(saved(rgb, "PNG"))
    unlike = {"**/models/unlike.onnx": lambda route: route.fulfill(body=with_another_map(web_kit))}
    found = open_kit("models/mien.json", within=equipped_browser, routes=unlike).evaluate(ON_GRAPHICS, picture)
    if found is None:
        pytest.skip("This Chromium offers no WebGPU, not even one that the processor computes.")
    assert found["backend"] == "webgpu"
    (expected,) = open_kit("models/mien.json").evaluate(NAMES, {"drawn": picture})["drawn"]
    (face,) = found["faces"]
    assert Box(**face["box"]).overlap(Box(**expected["box"])) >= 0.95
    assert face["probabilities"] == pytest.approx(expected["probabilities"], abs=0.02)
    # A half-precision model that names faces alike is taken, whatever its map; one that this adapter does not compute
    # is not.
    assert found["chosen"] == [["webgpu", "fp16"], ["webgpu", "fp16"], ["webgpu", "fp16" if found["half"] else "fp32"]]


def test_a_camera_is_chosen_and_the_choice_kept(open_kit: Callable[..., Page], equipped_browser: Any) -> None:
    page = open_kit(within=equipped_browser, script="Object.defineProperty(navigator, 'gpu', { value: undefined })")
    choice = page.locator("[data-camera] select")
    expect(choice.locator("option")).to_have_count(3)
    ids = choice.locator("option").evaluate_all("options => options.map(({ value }) => value)")
    other = ids[-1]
    assert choice.input_value() not in ("", other)
    choice.select_option(other)
    running = "document.querySelector('video').srcObject?.getVideoTracks()[0].getSettings().deviceId"
    for _ in range(2):
        expect(page.locator("video")).to_have_js_property("videoWidth", 1280)
        expect(choice).to_have_value(other)
        assert page.evaluate(running) == other
        page.reload()


def test_live_a_picture_dropped_and_stopped(open_kit: Callable[..., Page]) -> None:
    page = open_kit(viewport={"width": 1400, "height": 900}, bypass_csp=True)  # so that axe-core can be put into it
    expect(page.locator("[data-stats][data-faces='1']")).to_be_attached()
    expect(page.locator("[data-label]")).to_have_text("happiness")
    expect(page.locator("[data-backend]")).to_have_text("WebAssembly")
    odd = {"name": "<b>.png", "mimeType": "image/png", "buffer": saved(astronaut(), "PNG")}
    page.set_input_files("[data-files]", [odd, {"name": "none.jpg", "mimeType": "image/jpeg", "buffer": b"none"}])
    expect(page.locator(".picture[data-state=done] figcaption")).to_contain_text("<b>.png: happiness 100 %")
    expect(page.locator(".picture.bad")).to_contain_text("This picture is damaged")
    expect(page.locator("[data-camera]")).to_be_hidden()  # there is one
    page.get_by_role("button", name="Stop").press("Enter")
    expect(page.locator("[data-panel]")).to_contain_text("The camera is off")
    for width in (1400, 400):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert not breaches(page), (width, scheme)
    assert not page.foreign and not page.problems


def test_without_a_camera_the_page_says_why(open_kit: Callable[..., Page]) -> None:
    reject = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotReadableError') }"
    page = open_kit(script=reject)
    expect(page.locator("body[data-error=camera-taken]")).to_be_attached()
    expect(page.locator("[data-panel]")).to_contain_text("Another program or page holds it")
    codes = """async (names) => {
      const { openCamera } = await import("/mien.js");
      const codes = [];
      for (const name of names) {
        navigator.mediaDevices.getUserMedia = async () => { throw new DOMException("", name) };
        codes.push(await openCamera(document.createElement("video")).catch(({ code }) => code));
      }
      return codes;
    }"""
    assert page.evaluate(codes, ["NotAllowedError", "NotFoundError"]) == ["camera-denied", "camera-missing"]


@pytest.mark.parametrize(
    ("code", "routes", "picture", "script"),
    [
        ("model-missing", {"**/models/mien.onnx": lambda route: route.fulfill(status=404)}, b"", ""),
        ("model-damaged", {"**/models/mien.onnx": lambda route: route.fulfill(body=b"\0" * 4000)}, b"", ""),
        ("model-damaged", {"**/models/mien.json": lambda route: route.fulfill(body="<!doctype html>")}, b"", ""),
        ("runtime-missing", {"**/runtime/*": lambda route: route.fulfill(status=404)}, b"", ""),
        ("no-wasm-simd", {}, b"", "WebAssembly.validate = () => false"),
        ("picture-unreadable", {}, b"\xff\xd8\xff and then nothing", ""),
        ("picture-too-large", {}, saved(np.zeros((4001, 5000), np.uint8), "PNG"), ""),
        ("", {}, saved(np.zeros((4000, 5000), np.uint8), "PNG"), ""),
    ],
    ids=("no model", "damaged", "another page", "no runtime", "no SIMD", "no picture", "too large", "20 megapixels"),
)
def test_what_goes_wrong_has_a_code_and_a_sentence(
    open_kit: Callable[..., Page], code: str, routes: Any, picture: bytes, script: str
) -> None:
    page = open_kit("models/mien.json", routes=routes, script=script)
    answer = page.evaluate(FAILS, {"folder": "/models", "picture": text(picture)})
    assert answer["code"] == code and (answer["message"].endswith(".") or answer["message"] == "0 faces"), answer


def test_the_built_folder_works_on_any_host_and_then_without_it(browser: Any, web_kit: Path) -> None:
    subprocess.run(["node", "scripts/build.js"], cwd=web_kit, check=True)
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(web_kit))
    host = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=host.serve_forever, daemon=True).start()
    context = browser.new_context(permissions=["camera"])
    try:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{host.server_port}/dist/")
        page.evaluate("navigator.serviceWorker.ready.then(() => {})")
        host.shutdown()
        host.server_close()
        page.reload()
        expect(page.locator("[data-stats][data-faces='1']")).to_be_attached()
    finally:
        context.close()
