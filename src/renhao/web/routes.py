"""Every route of the web edge: the patients' pages, and the routers other parts add."""

from litestar.types import ControllerRouterHandler

from renhao.web import patient

ROUTES: list[ControllerRouterHandler] = [*patient.ROUTES]
