"""Every route of the web edge: the pages of patients and those of staff."""

from litestar.types import ControllerRouterHandler

from renhao.web import patient, staff

ROUTES: list[ControllerRouterHandler] = [*patient.ROUTES, *staff.ROUTES]
