"""What those who run the program look at: health, readiness, metrics, traces."""

from renhao.web.operate.around import surround
from renhao.web.operate.health import operate_router
from renhao.web.operate.metrics import Metrics
from renhao.web.operate.traces import provider

__all__ = ["Metrics", "operate_router", "provider", "surround"]
