"""The pages of patients and staff and the interface of programs: parse, one domain call, render."""

from renhao.web.application import make_app

__all__ = ["make_app"]
