"""Wishes that may come twice: the digest that tells a repeat from a reused request id."""

from renhao.services import Services


def digest(services: Services, action: str, *parts: object) -> bytes:
    """Reduce a wish to a keyed digest, the same for a page and for the API."""
    return services.vault.mac("request", "|".join((action, *map(str, parts))).encode())
