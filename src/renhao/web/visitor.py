"""What a request tells of its sender: network address, and the device in words."""

from typing import Any

from litestar import Request

from renhao.services import Services

UNKNOWN = "unknown"
SYSTEMS = {
    "HarmonyOS": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}
PROGRAMS = {
    "MicroMessenger": "微信",
    "Alipay": "支付宝",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}


def address(request: Request[Any, Any, Any], services: Services) -> str:
    """Give the sender's address; behind our own proxy it is the last one the proxy added."""
    forwarded = request.headers.get("x-forwarded-for", "")
    if services.settings.proxy_headers and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return request.client.host if request.client else UNKNOWN


def device(request: Request[Any, Any, Any]) -> str:
    """Say in two words what the sender uses, for the list of sessions; no more is kept."""
    agent = request.headers.get("user-agent", "")
    words = [_first(SYSTEMS, agent), _first(PROGRAMS, agent)]
    return " ".join(filter(None, words))


def _first(names: dict[str, str], agent: str) -> str:
    return next((said for mark, said in names.items() if mark in agent), "")
