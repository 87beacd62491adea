"""`python -m tests.bench.whole_process TIMES COMMAND…`: what a command takes from its start to its end.

The quickest of so many times in seconds, and the largest peak of resident memory in MB. The peak that Linux reports is
never below that of the process which started the command, so this one imports nothing large.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

KB = 1 if sys.platform == "darwin" else 1024
"""Bytes in a unit of `ru_maxrss`."""


def run(command: list[str]) -> tuple[float, float]:
    """Seconds, and the peak in MB."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with status {process.returncode}.")
    return seconds, used.ru_maxrss * KB / 2**20


def main(times: int, command: list[str]) -> None:
    run(command)  # the first one reads its files from disk
    runs = [run(command) for _ in range(times)]
    print(json.dumps({"seconds": min(seconds for seconds, _ in runs), "peak_mb": max(peak for _, peak in runs)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
