"""The interface of programs: everything a patient can do, as JSON under `/api/v1`."""

from renhao.web.api.availability import Availability
from renhao.web.api.describe import PATH, config
from renhao.web.api.problems import answer
from renhao.web.api.routes import api_router, problems_of

__all__ = ["PATH", "Availability", "answer", "api_router", "config", "problems_of"]
