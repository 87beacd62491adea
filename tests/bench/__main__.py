"""`python -m tests.bench live|loop|label|train|large|peers|workers|flicker|web [options]`: measures here, prints JSON.

Each is a module here, `bench_NAME`, with `measure(arguments) -> dict`, its own options in `arguments` (`--help` lists
them).
"""

from __future__ import annotations

import importlib
import json
import sys

NAMES = ("live", "loop", "label", "train", "personal", "large", "peers", "workers", "flicker", "web")


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        print(f"usage: python -m tests.bench {'|'.join(NAMES)} [--help]", file=sys.stderr)
        return 2
    measured = importlib.import_module(f"tests.bench.bench_{sys.argv[1]}").measure(sys.argv[2:])
    print(json.dumps(measured, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
