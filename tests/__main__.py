"""`python3 -m tests`: run every test from a bare clone; further arguments go to pytest."""

import sys

from webapp.bootstrap import run_in_environment

if __name__ == "__main__":
    sys.exit(run_in_environment(["-m", "pytest", *sys.argv[1:]], extra="test"))
