"""The command line: parse, one domain call, render."""

from renhao.cli.launch import Launch
from renhao.cli.main import make, run

__all__ = ["Launch", "make", "run"]
