// The faces of an answer on a picture, drawn as the Live tab of Mien draws them.

import { ChipLayout } from "./chip-layout.js";
import { FacePainter, sizeOn } from "./draw-face.js";

/** @import { FaceExpression } from "../mien.js" */
/** @import { Rectangle, Size } from "./chip-layout.js" */
/** @import { Look } from "./label-look.js" */

/**
 * Where the whole of a picture lies in the middle of a rectangle of this size.
 * @param {Size} size
 * @param {Size} picture
 * @returns {Rectangle}
 */
export function placeIn(size, picture) {
  const scale = Math.min(size.width / picture.width, size.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { x: (size.width - width) / 2, y: (size.height - height) / 2, width, height };
}

/**
 * A box for each face in its label's colour, and what is said of it; no name lies over another face or name.
 * @param {CanvasRenderingContext2D} pen
 * @param {FaceExpression[]} faces
 * @param {{ looks: Record<string, Look>, picture: Size, bounds: Size, mirrored?: boolean, main?: number | null,
 *   painter?: FacePainter, zoom?: number }} how
 *   `bounds`: in whose middle the picture lies; `main`: the id of the face whose box is stronger; `painter`: remembers
 *   where names were in a video's last frame; `zoom`: how many times as large `bounds` are on the screen
 */
export function drawFaces(pen, faces, how) {
  const { looks, picture, bounds, mirrored = false, main = null, zoom = 1 } = how;
  const { painter = new FacePainter(new ChipLayout()) } = how;
  const place = placeIn(bounds, picture);
  const scale = place.width / picture.width;
  const drawn = faces.map((face) => {
    const { x, y, width, height } = face.box;
    const left = mirrored ? picture.width - x - width : x;
    const box = { x: place.x + left * scale, y: place.y + y * scale, width: width * scale, height: height * scale };
    return { ...face, box };
  });
  const labels = Object.entries(looks).map(([name, look]) => ({ name, ...look }));
  painter.paint(pen, drawn, { main, bounds, size: sizeOn(place.width * zoom) / zoom, now: performance.now(), labels });
}
