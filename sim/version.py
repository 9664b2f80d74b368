"""The version of the program and the folder it lies in, for those who must not import anything above them."""

from pathlib import Path

VERSION = "0.1.0"
HOME = Path(__file__).parent
