"""`python -m sim`: the command line."""

import gc
import sys

from sim.version import repair

try:
    from sim.cli import main
except ModuleNotFoundError as missing:
    sys.exit(f"{missing.name} is not installed for this Python; fix it with: {repair()}")
except KeyboardInterrupt:
    sys.exit(130)

if __name__ == "__main__":
    code = main()
    gc.freeze()  # Python would look through all it has loaded for garbage before it ends: 0.4 s
    sys.exit(code)
