// Pictures and a video's frames, and the pixels of them that are looked at.

import { MienError } from "./error.js";
import { cut } from "./crop.js";
import { cutOut } from "./pixels.js";
import { evenly, resized } from "./resize.js";
import { partAround } from "./square.js";

/** @import { Pixels } from "./pixels.js" */
/** @import { CropRule, Square } from "./square.js" */
/**
 * A picture that is looked at: `reduced`, a copy whose longer side is at most so long, and `crop`, the pixels of a square
 * in it as the network takes them.
 * @typedef {{
 *   width: number,
 *   height: number,
 *   reduced: (longest: number) => Pixels,
 *   crop: (square: Square, side: number, rule: CropRule) => Pixels,
 * }} Picture
 */
/** @typedef {Blob | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | ImageData} ImageSource */

export const MAX_PIXELS = 20_000_000;
const STRIP = 4_000_000; // pixels that are read at once: phones refuse larger canvases

/**
 * How large a picture is whose longer side is at most so long.
 * @param {{ width: number, height: number }} picture
 * @param {number} longest
 */
export function reducedSize({ width, height }, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, evenly(width * scale)), height: Math.max(1, evenly(height * scale)) };
}

/**
 * A still picture, turned upright by its EXIF orientation; transparency lies on white.
 * @param {ImageSource} source
 * @returns {Promise<Picture>}
 */
export async function stillPicture(source) {
  const bitmap = await decoded(source);
  try {
    const pixels = pixelsOf(bitmap);
    const { width, height } = pixels;
    return {
      width,
      height,
      reduced(longest) {
        const size = reducedSize(pixels, longest);
        return resized(pixels, size.width, size.height);
      },
      crop(square, side, rule) {
        const part = partAround(square, width, height);
        return cut(cutOut(pixels, part), part, square, side, rule);
      },
    };
  } finally {
    bitmap.close();
  }
}

/**
 * @param {ImageSource} source
 * @returns {Promise<ImageBitmap>}
 */
async function decoded(source) {
  let bitmap;
  try {
    // Colours as they are in the file, since the network has learned from such.
    bitmap = await createImageBitmap(source, { imageOrientation: "from-image", colorSpaceConversion: "none" });
  } catch (error) {
    throw new MienError(
      "picture-unreadable",
      "This picture is damaged, or of a kind that this browser cannot read.",
      error,
    );
  }
  const megapixels = (bitmap.width * bitmap.height) / 1e6;
  if (megapixels * 1e6 <= MAX_PIXELS) return bitmap;
  bitmap.close();
  throw new MienError(
    "picture-too-large",
    `This picture is too large: at most ${MAX_PIXELS / 1e6} megapixels, this one has ${Math.round(megapixels)}.`,
  );
}

/**
 * @param {ImageBitmap} bitmap
 * @returns {Pixels}
 */
function pixelsOf(bitmap) {
  const { width, height } = bitmap;
  const data = new Uint8ClampedArray(width * height * 4);
  const rows = Math.max(1, Math.floor(STRIP / width));
  const pen = penOf(width, Math.min(rows, height));
  for (let top = 0; top < height; top += rows) {
    const many = Math.min(rows, height - top);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, many);
    pen.drawImage(bitmap, 0, top, width, many, 0, 0, width, many);
    data.set(pen.getImageData(0, 0, width, many).data, top * width * 4);
  }
  return { width, height, channels: 4, data };
}

/**
 * @param {number} width
 * @param {number} height
 */
function penOf(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const options = { willReadFrequently: true, alpha: false };
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", options));
}

/** The frames of one video, each on the same two canvases. */
export class VideoFrames {
  #video;
  #small = penOf(1, 1);
  #part = penOf(1, 1);

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.#video = video;
  }

  /**
   * The frame that is there now; a face that is large enough is cut out of the reduced copy. Null before the first one.
   * @returns {Picture | null}
   */
  next() {
    const { videoWidth: width, videoHeight: height, readyState } = this.#video;
    if (readyState < HTMLMediaElement.HAVE_CURRENT_DATA || !width || !height) return null;
    /** @type {Pixels} */
    let small;
    return {
      width,
      height,
      reduced: (longest) => {
        const size = reducedSize({ width, height }, longest);
        small = this.#drawn(this.#small, { left: 0, top: 0, width, height }, size);
        return small;
      },
      crop: (square, side, rule) => {
        const scale = small.width / width;
        const reduced = { ...square, x: square.x * scale, y: square.y * scale, side: square.side * scale };
        if (scale === 1 || reduced.side >= side) {
          const part = partAround(reduced, small.width, small.height);
          return cut(cutOut(small, part), part, reduced, side, rule);
        }
        const part = partAround(square, width, height);
        return cut(this.#drawn(this.#part, part, part), part, square, side, rule);
      },
    };
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {import("./square.js").Part} part
   * @param {{ width: number, height: number }} size
   * @returns {Pixels}
   */
  #drawn(pen, part, { width, height }) {
    if (pen.canvas.width < width || pen.canvas.height < height) {
      pen.canvas.width = width;
      pen.canvas.height = height;
    }
    pen.drawImage(this.#video, part.left, part.top, part.width, part.height, 0, 0, width, height);
    return { width, height, channels: 4, data: pen.getImageData(0, 0, width, height).data };
  }
}
