// The Core ML bundle of a version: how its models were proved, and the download.

import { attempt, make, say } from "../shared/dataset.js";

const EXPLAINED = "A zip with the Core ML model in a Swift package, a README in five steps, and a model card.";

export function coreMl(number, facts) {
  const made = make("section", "mien-card train-coreml");
  const about = make(
    "p",
    "why",
    facts.proof ? "Read back from disk and held against PyTorch:" : "Made, and proved right, when you download it.",
  );
  const proofs = make("div", "train-proofs");
  if (facts.proof) proofs.append(proofOf(facts.proof));
  const [small, palettize] = option("8-bit weights, half the size", "palettize");
  const [other, onnx] = option("ONNX beside it", "onnx");
  const get = make("button", "mien-button primary", "Download for iOS", { type: "button", "data-download": "" });
  get.addEventListener("click", async () => {
    get.disabled = true;
    get.textContent = "Making and proving …";
    const all = await attempt(() =>
      download(`/mien/api/data/train/versions/${number}/bundle?palettize=${palettize.checked}&onnx=${onnx.checked}`),
    );
    get.disabled = false;
    get.textContent = "Download for iOS";
    if (!all) return;
    about.textContent = "Read back from disk and held against PyTorch:";
    proofs.replaceChildren(...all.map(proofOf));
    say("The download has started.");
  });
  const row = make("div", "train-download");
  row.append(get, small, other);
  const law = make("p", "why", "Not for use at work or in schools: the EU AI Act bars emotion recognition there. ");
  law.append(
    make("a", "link", "Model card: data, figures, limits", {
      href: `/mien/api/data/train/versions/${number}/model-card`,
      target: "_blank",
    }),
  );
  made.append(make("h2", "", "Core ML"), about, proofs, row, make("p", "why", EXPLAINED), law);
  return made;
}

/** Fetches the zip, so that a refusal is a sentence and not a file; hands it to the browser. Returns the proofs. */
async function download(address) {
  const answer = await fetch(address, { method: "POST" }).catch(() => null);
  if (!answer) throw new Error("Mien cannot be reached. Is it still running?");
  if (!answer.ok)
    throw new Error(
      (await answer.json().catch(() => ({}))).error || `The bundle could not be made (${answer.status}).`,
    );
  const [, name] = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition")) ?? [null, "mien.zip"];
  const link = make("a", "", "", { href: URL.createObjectURL(await answer.blob()), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return JSON.parse(answer.headers.get("x-mien-proof"));
}

function proofOf(proof) {
  const list = make("dl", "train-proof", "", { "data-proof": proof.format });
  const row = (name, value) => list.append(make("dt", "", name), make("dd", "", value));
  row("Model", `${proof.format}, ${(proof.bytes / 1e6).toFixed(1)} MB`);
  row("Greatest difference", `${proof.max_difference.toFixed(4)} in probability`);
  row("Equal labels", `${(100 * proof.equal_labels).toFixed(1)} % of ${proof.faces} pictures`);
  row("Run by", proof.runner);
  return list;
}

function option(text, name) {
  const field = make("label", "train-check");
  const box = make("input", "", "", { type: "checkbox", "data-option": name });
  field.append(box, ` ${text}`);
  return [field, box];
}
