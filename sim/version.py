"""The version of the program and the folder it lies in, for those who must not import anything above them."""

import sys
from pathlib import Path

VERSION = "0.1.0"
HOME = Path(__file__).parent


def repair() -> str:
    """How to install what is missing, or to find it: in a Python that is not that of .venv, by way of that."""
    if sys.prefix != sys.base_prefix:
        return "python -m pip install -r requirements.txt"
    if (HOME.parent / ".venv").is_dir():
        return "source .venv/bin/activate, once in each terminal (on Windows: .venv\\Scripts\\activate)"
    return "make run, which sets up .venv (docs/install.md says how without make)"
