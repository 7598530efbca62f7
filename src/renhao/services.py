"""What the composition root hands to every edge."""

from dataclasses import dataclass

from renhao.booking import Allocators
from renhao.identity import Authority
from renhao.kernel import Clock
from renhao.privacy import Vault
from renhao.settings import Settings
from renhao.storage import Pool


@dataclass(frozen=True, slots=True)
class Services:
    """The parts a request needs; edges receive them, nothing below an edge knows them."""

    settings: Settings
    clock: Clock
    pool: Pool
    vault: Vault
    allocators: Allocators
    authority: Authority
    csrf_secret: str
