// Compiled, never run: what the kit's mien.d.ts declares is what its modules have.

import { ExpressionClassifier } from "../../../../training/kits/web/core/classifier.js";
import { openCamera } from "../../../../training/kits/web/core/camera.js";
import { MienError, type MienErrorCode } from "../../../../training/kits/web/core/error.js";
import * as declared from "../../../../training/kits/web/mien.js";

type Same<One, Other> = [One, Other] extends [Other, One] ? true : never;

export const load: (folder?: string | URL) => Promise<declared.ExpressionClassifier> = ExpressionClassifier.load;
export const open: typeof declared.openCamera = openCamera;
export const error: typeof declared.MienError = MienError;
export const codes: Same<MienErrorCode, declared.MienErrorCode> = true;
type Faces = Awaited<ReturnType<ExpressionClassifier["faces"]>>;
export const faces: Same<Faces, declared.FaceExpression[]> = true;
