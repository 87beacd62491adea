// ONNX Runtime is asked for before the page's other scripts have come: it is by far the largest part.

import { openRuntime } from "../core/session.js";

openRuntime().catch(() => {}); // page.js says why
