"""`python3 -m tests`: run every test from a bare clone, two side by side; further arguments go to pytest."""

import os
import sys

from webapp.bootstrap import run_in_environment

SIDE_BY_SIDE = ["-n", "2"]
"""Two, since each may start a server, a browser and a training process: about 4 GB."""

if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(run_in_environment(["-m", "pytest", *SIDE_BY_SIDE, *sys.argv[1:]], extra="test"))
