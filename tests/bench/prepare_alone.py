"""`python -m tests.bench.prepare_alone DATABASE_URL`: prepares a data set for training; what it took, as JSON.

A process of its own that imports nothing else, so that its peak of memory is that of preparing.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from labeling.store import Store
from training.base.ferplus import EXPRESSIONS
from training.dataset import prepare


def peak_mb() -> float:
    """The most resident memory that this process had so far, in MB (10⁶ bytes)."""
    status = Path("/proc/self/status")
    if status.is_file():
        return 1024 * int(status.read_text().split("VmHWM:")[1].split()[0]) / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def main() -> None:
    imported, began, used = peak_mb(), time.monotonic(), time.process_time()
    store = Store(sys.argv[1])
    data = prepare(store.images.training_faces(), [label.name for label in store.labels.list()], EXPRESSIONS)
    figures = {
        "images": float(len(data.ids)),
        "peak_mb": round(peak_mb(), 1),
        "imports_mb": round(imported, 1),
        "seconds": round(time.monotonic() - began, 1),
        "processor_seconds": round(time.process_time() - used, 1),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
