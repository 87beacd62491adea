// The frame that a video shows, as a picture to keep.

const QUALITY = 0.92;

/**
 * @param {HTMLVideoElement} video
 * @returns {Promise<Blob>} a JPEG of the frame that it shows at the call
 */
export async function frameOf(video) {
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext("2d", { alpha: false })?.drawImage(video, 0, 0);
  return new Promise((resolve, reject) => {
    const take = (/** @type {Blob | null} */ blob) =>
      blob ? resolve(blob) : reject(new Error("The camera's picture could not be kept."));
    canvas.toBlob(take, "image/jpeg", QUALITY);
  });
}
