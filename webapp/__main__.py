"""`python3 -m webapp`: start Mien from a bare clone."""

import sys

from webapp.bootstrap import run_in_environment

if __name__ == "__main__":
    sys.exit(run_in_environment(["-m", "webapp.cli", *sys.argv[1:]]))
