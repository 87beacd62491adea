"""What a model is and how it runs."""

import os

# As it is imported, ONNX Runtime else leaves a file for its telemetry in the machine's folder of temporary files.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
