"""The command line: parse, one domain call, render."""

from renhao.cli.launch import Launch, end_with
from renhao.cli.main import make, run

__all__ = ["Launch", "end_with", "make", "run"]
