/** A face and what it shows. Places are in pixels of the upright picture, from its upper left corner. */
export interface FaceExpression {
  /** The same from frame to frame in a video; else its place in the picture's list, from 1. */
  id: number;
  /** It may reach over the picture's edge. */
  box: { x: number; y: number; width: number; height: number };
  /** The eye on the picture's left, the other eye, the nose's tip, the mouth's corner on the left, the other one. */
  points: { x: number; y: number }[];
  /** The most probable expression; believe it only where `doubt` is empty. */
  label: string;
  /** The probability of every label; they add up to 1. */
  probabilities: Record<string, number>;
  quality: FaceQuality;
  /** Why `label` is not sure, such as "too dark" or "fear or surprise"; "" where it is. */
  doubt: string;
}

/** How fit a face is to be named. */
export interface FaceQuality {
  /** 1 where nothing speaks against an answer, 0 where none can be given. */
  score: number;
  /** What speaks against it, worst first. */
  faults: ("small" | "blurred" | "dark" | "noisy" | "turned away" | "covered" | "cut off")[];
}

export type ImageSource = Blob | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | ImageBitmap | ImageData;

/** Names the expression of every face in a picture. Everything happens in the browser. */
export class ExpressionClassifier {
  private constructor();

  /**
   * Loads the model.
   * @param folder address of the folder `models`; without one, the folder beside this file.
   * @throws {MienError} "model-missing", "model-damaged", "runtime-missing", "no-wasm-simd"
   */
  static load(folder?: string | URL): Promise<ExpressionClassifier>;

  /** What the model names, in its order. */
  readonly labels: string[];
  /** How Mien shows each label: a colour "#rrggbb", and a pattern ("stripes", "dots", "grid") or "". */
  readonly looks: Record<string, { color: string; pattern: string }>;
  /** Where the model runs. */
  readonly backend: "webgpu" | "wasm";
  /** In which the classifier computes: half precision where WebGPU takes it and it answers alike, else single. */
  readonly precision: "fp16" | "fp32";

  /**
   * The faces of a picture, the largest first, turned upright by its EXIF orientation. Of a video, those of the frame it
   * shows: faces keep their `id`, and what is said of them does not tremble.
   * @throws {MienError} "picture-unreadable", "picture-too-large"
   */
  faces(source: HTMLVideoElement | ImageSource): Promise<FaceExpression[]>;

  /** Gives the model's memory back, after the pictures that were given before. Pictures given later fail. */
  release(): Promise<void>;
}

/**
 * Shows a camera in a video; stop the stream's tracks at the end.
 * @param deviceId of the camera that is wanted, as `navigator.mediaDevices.enumerateDevices()` tells it; where it is
 *   gone, and without one, any.
 * @throws {MienError} "camera-denied", "camera-missing", "camera-taken", "camera-insecure"
 */
export function openCamera(video: HTMLVideoElement, deviceId?: string): Promise<MediaStream>;

export type MienErrorCode =
  | "camera-denied"
  | "camera-missing"
  | "camera-taken"
  | "camera-insecure"
  | "no-wasm-simd"
  | "runtime-missing"
  | "model-missing"
  | "model-damaged"
  | "picture-unreadable"
  | "picture-too-large";

/** Something that a person caused or can mend: a sentence for them in `message`, a `code` for programs. */
export class MienError extends Error {
  constructor(code: MienErrorCode, message: string, cause?: unknown);
  readonly code: MienErrorCode;
}
