"""`renhao demo`: a realistic hospital, made from a seed through the real operations."""

from renhao.cli.demo.command import add

__all__ = ["add"]
